import Foundation
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct LossTests {
  @Test func softmaxIsStable() throws {
    let p = try softmax(Tensor([1000, 1001, -1000, 0, 0, 0], shape: [2, 3]))
    expectClose(p.array, [0.26894143, 0.73105857, 0, 1 / 3, 1 / 3, 1 / 3], tolerance: 1e-6)
    try checkGradients(at: [.normal([3, 4], seed: 1)]) { try softmax($0[0]) }
  }

  @Test func softmaxCrossEntropyByHand() throws {
    // Scores (ln 1, ln 2, ln 5): probabilities 1/8, 2/8, 5/8.
    let scores = try Tensor([0, log(2), log(5)], shape: [1, 3])
    #expect(abs(try softmaxCrossEntropy(scores, [1]).item() - log(4)) < 1e-6)
    let tape = Tape()
    let gradient = try tape.gradients(of: softmaxCrossEntropy(tape.watch(scores), [1]))[0]
    expectClose(gradient?.array ?? [], [0.125, -0.75, 0.625], tolerance: 1e-6)
  }

  @Test func softmaxCrossEntropyOfHopelessScoresIsFinite() throws {
    let loss = try softmaxCrossEntropy(Tensor([-500, 500], shape: [1, 2]), [0]).item()
    #expect(loss == 1000)
    try checkGradients(at: [.normal([3, 4], seed: 2)]) { try softmaxCrossEntropy($0[0], [3, 0, 2]) }
  }

  @Test func sigmoidCrossEntropyIsTheLecturesSum() throws {
    let scores = Tensor.normal([4, 3], seed: 3)
    let targets = try Tensor([1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0], shape: [4, 3])
    let f = try sigmoid(scores).array
    let sum = zip(f, targets.array).reduce(0.0) { sum, pair in
      let (f, y) = (Double(pair.0), Double(pair.1))
      return sum - (y * log(f) + (1 - y) * log(1 - f))
    }
    #expect(abs(try sigmoidCrossEntropy(scores, targets).item() - Float(sum / 4)) < 1e-5)
    try checkGradients(at: [scores]) { try sigmoidCrossEntropy($0[0], targets) }
    #expect(
      try sigmoidCrossEntropy(Tensor([-500], shape: [1, 1]), Tensor([1], shape: [1, 1])).item() == 500)
  }

  @Test func meanSquaredErrorByHand() throws {
    let (f, y) = (try Tensor([1, 2, 3, 4], shape: [2, 2]), try Tensor([1, 1, 1, 1], shape: [2, 2]))
    #expect(try meanSquaredError(f, y).item() == 3.5)
    try checkGradients(at: [f, y]) { try meanSquaredError($0[0], $0[1]) }
  }

  @Test func perceptronCriterionCountsMistakes() throws {
    let scores = try Tensor([2, -1, 0.5, -3], shape: [4, 1])
    #expect(try perceptronCriterion(scores, Tensor([1, 0, 1, 0], shape: [4, 1])).item() == 0)
    #expect(try perceptronCriterion(scores, Tensor([0, 1, 1, 0], shape: [4, 1])).item() == 3)
    try checkGradients(at: [scores]) { try perceptronCriterion($0[0], Tensor([0, 1, 1, 0], shape: [4, 1])) }
  }

  @Test func badTargetsThrow() {
    let scores = Tensor.zeros([2, 3])
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(scores, [0]) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(scores, [0, 3]) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(scores, [-1, 0]) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(.zeros([0, 3]), []) }
    #expect(throws: ShapeError.self) { try meanSquaredError(scores, .zeros([3, 2])) }
    #expect(throws: ShapeError.self) { try sigmoidCrossEntropy(scores, Tensor(repeating: 2, shape: [2, 3])) }
    #expect(throws: ShapeError.self) { try perceptronCriterion(scores, .zeros([3])) }
  }

  /// Where the answer is nearly certain, the loss is small and still has all its digits.
  @Test func confidentAnswersKeepTheirDigits() throws {
    for (scores, exact) in [
      ([1010, 1000] as [Float], 4.539890e-5), ([15, 0], 3.059023e-7), ([1e6, 1e6 - 5], 6.715348e-3),
    ] {
      let loss = try softmaxCrossEntropy(Tensor(scores, shape: [1, 2]), [0]).item()
      #expect(abs(Double(loss) / exact - 1) < 1e-5, "\(scores)")
    }
    for (score, exact) in [(10 as Float, 4.539890e-5), (15, 3.059023e-7), (30, 9.357623e-14)] {
      for sign in [1 as Float, -1] {
        let target = Tensor(repeating: (1 + sign) / 2, shape: [1, 1])
        let loss = try sigmoidCrossEntropy(Tensor(repeating: sign * score, shape: [1, 1]), target).item()
        #expect(abs(Double(loss) / exact - 1) < 1e-5, "\(score)")
      }
    }
    let certain = try sigmoidCrossEntropy(Tensor([.infinity], shape: [1, 1]), Tensor([1], shape: [1, 1]))
      .item()
    #expect(certain == 0)
    #expect(try meanSquaredError(Tensor([2e19, 0]), Tensor([0, 0])).item() == 2e38)
    #expect(try softmax(Tensor([.nan, 1])).array.allSatisfy(\.isNaN))
  }
}
