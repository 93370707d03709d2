import Models
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PerceptronTests {
  private let corners = [Float]([0, 0, 0, 1, 1, 0, 1, 1])

  private func train(_ answers: [Float]) throws -> (Perceptron, Perceptron.Training) {
    var model = try Perceptron(inputs: 2, outputs: 1)
    let training = try model.fit(
      Tensor(corners, shape: [4, 2]), Tensor(answers, shape: [4, 1]), rate: 1, epochs: 50, seed: 3)
    return (model, training)
  }

  @Test(arguments: [[0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0], [0, 0, 1, 1]] as [[Float]])
  func learnsWhatALineSeparates(_ answers: [Float]) throws {
    let (model, training) = try train(answers)
    #expect(training.converged)
    #expect(try model(Tensor(corners, shape: [4, 2])).array == answers)
  }

  @Test func neverSettlesOnXOR() throws {
    let (_, training) = try train([0, 1, 1, 0])
    #expect(!training.converged)
    #expect(training.mistakes.count == 50)
  }

  /// From zero weights the score is 0 and the answer 0.5: the first step for the target 1 is half the input.
  @Test func oneStepIsTheRule() throws {
    var model = try Perceptron(inputs: 2, outputs: 1)
    _ = try model.fit(Tensor([3, -2], shape: [1, 2]), Tensor([1], shape: [1, 1]), rate: 0.1, epochs: 1)
    expectClose(model.parameters[0].value.array, [0.15, -0.1], tolerance: 1e-6)
    expectClose(model.parameters[1].value.array, [0.05], tolerance: 1e-6)
  }

  @Test func badShapesThrow() throws {
    var model = try Perceptron(inputs: 2, outputs: 1)
    #expect(throws: ShapeError.self) { try model.fit(.zeros([4, 3]), .zeros([4, 1])) }
    #expect(throws: ShapeError.self) { try model.fit(.zeros([4, 2]), .zeros([3, 1])) }
  }

  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      Perceptron(inputs: 2, outputs: 3), input: [2], output: [3],
      parameters: ["weight": [3, 2], "bias": [3]],
      wrongInput: [3], isTrainable: false)
  }
}
