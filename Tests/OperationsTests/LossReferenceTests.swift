import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct LossReferenceTests {
  private struct Settings: Decodable {
    let kind: String
    var delta: Float?
    var smoothing: Float?
    var ignored: Int?
    var weights: [Float]?
    var loss: AdversarialLoss?
  }

  @Test(arguments: try ReferenceCase.all(in: "losses"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    let weights = settings.weights.map { Tensor($0) }
    try checkOperation(against: reference) { x in
      func labels() -> [Int] { x[1].array.map { Int($0) } }
      switch settings.kind {
      case "absolute": return try meanAbsoluteError(x[0], x[1])
      case "squared": return try meanSquaredError(x[0], x[1])
      case "huber": return try huberLoss(x[0], x[1], delta: settings.delta ?? 1)
      case "hinge": return try hingeLoss(x[0], x[1])
      case "softmax":
        let plain = settings.weights == nil && settings.ignored == nil && settings.smoothing == 0
        let full = try softmaxCrossEntropy(
          x[0], labels(), classWeights: weights, labelSmoothing: settings.smoothing ?? 0,
          ignoring: settings.ignored)
        guard plain else { return full }
        let short = try softmaxCrossEntropy(x[0], labels())
        #expect(try abs(short.item() - full.item()) < 1e-6)
        return short
      case "likelihood":
        return try negativeLogLikelihood(
          x[0], labels(), classWeights: weights, ignoring: settings.ignored)
      case "sigmoid":
        return try sigmoidCrossEntropy(x[0], x[1], positiveWeights: weights ?? Tensor([1, 1, 1]))
      case "divergence": return try kullbackLeiblerDivergence(x[0], x[1])
      case "critic": return try (settings.loss ?? .minimax).critic(real: x[0], generated: x[1])
      default:
        return try (settings.loss ?? .minimax).generator(real: x.count > 1 ? x[1] : nil, generated: x[0])
      }
    }
  }

  @Test func gradientsAgreeWithDifferences() throws {
    let (f, y) = (Tensor.normal([3, 4], seed: 1), Tensor.normal([3, 4], seed: 2))
    try checkGradients(at: [f, y]) { try meanAbsoluteError($0[0], $0[1]) }
    try checkGradients(at: [f, y]) { try huberLoss($0[0], $0[1], delta: 0.8) }
    let signs = Tensor(shape: [3, 4]) { for index in $0.indices { $0[index] = index % 3 == 0 ? 1 : -1 } }
    try checkGradients(at: [f]) { try hingeLoss($0[0], signs) }
    let weights = Tensor([0.5, 2, 0, 1])
    try checkGradients(at: [f]) {
      try softmaxCrossEntropy($0[0], [1, 3, 9], classWeights: weights, labelSmoothing: 0.3, ignoring: 9)
    }
    try checkGradients(at: [f]) { try softmaxCrossEntropy($0[0], [1, 3, 2], labelSmoothing: 0.3) }
    try checkGradients(at: [f]) { try negativeLogLikelihood($0[0], [1, 3, 2], classWeights: weights) }
    let p = try softmax(y)
    try checkGradients(at: [f]) { try kullbackLeiblerDivergence($0[0], p) }
    try checkGradients(at: [f]) { try sigmoidCrossEntropy($0[0], p, positiveWeights: weights) }
    for loss in AdversarialLoss.allCases {
      try checkGradients(at: [f, y]) { try loss.critic(real: $0[0], generated: $0[1]) }
      try checkGradients(at: [f]) { try loss.generator(real: y, generated: $0[0]) }
    }
  }

  @Test func byHand() throws {
    #expect(try meanAbsoluteError(Tensor([1, 5]), Tensor([2, 2])).item() == 2)
    #expect(try huberLoss(Tensor([1, 5]), Tensor([2, 2])).item() == 1.5)
    #expect(try hingeLoss(Tensor([0.5, 3]), Tensor([1, -1])).item() == 2.25)
    #expect(
      try kullbackLeiblerDivergence(
        log(Tensor([0.5, 0.5], shape: [1, 2])), Tensor([0.5, 0.5], shape: [1, 2])
      ).item() == 0)
    #expect(
      try AdversarialLoss.wasserstein.critic(real: Tensor([3, 1]), generated: Tensor([1])).item() == -1)
    #expect(try AdversarialLoss.leastSquares.generator(generated: Tensor([3])).item() == 2)
    let pair = (real: Tensor([700]), generated: Tensor([-200]))
    #expect(try AdversarialLoss.relativistic.critic(real: pair.real, generated: pair.generated).item() == 0)
    #expect(
      try AdversarialLoss.relativistic.generator(real: pair.real, generated: pair.generated).item() == 900)
  }

  @Test func theExtremesAreFinite() throws {
    let (sure, yes) = (try Tensor([500, -500], shape: [1, 2]), try Tensor([0, 1], shape: [1, 2]))
    #expect(try sigmoidCrossEntropy(sure, yes, positiveWeights: Tensor([1, 3])).item() == 2000)
    #expect(try softmaxCrossEntropy(sure, [1], labelSmoothing: 0.5).item() == 750)
    #expect(try softmaxCrossEntropy(sure, [0], classWeights: Tensor([2, 0])).item() == 0)
    for loss in AdversarialLoss.allCases {
      #expect(try loss.critic(real: sure, generated: sure).isFinite)
      #expect(try loss.generator(real: sure, generated: sure).isFinite)
    }
  }

  @Test func badTargetsThrow() throws {
    let s = Tensor.zeros([2, 3])
    #expect(throws: ShapeError.self) { try meanAbsoluteError(s, .zeros([3, 2])) }
    #expect(throws: ShapeError.self) { try huberLoss(s, s, delta: 0) }
    #expect(throws: ShapeError.self) { try huberLoss(s, s, delta: .nan) }
    #expect(throws: ShapeError.self) { try huberLoss(.zeros([0]), .zeros([0])) }
    #expect(throws: ShapeError.self) { try hingeLoss(s, s) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(s, [0, 3], labelSmoothing: 0.1) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(s, [0, 1], labelSmoothing: 1.5) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(s, [0, 1], classWeights: .zeros([2])) }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(s, [0, 1], classWeights: .zeros([3])) }
    #expect(throws: ShapeError.self) {
      try softmaxCrossEntropy(s, [0, 1], classWeights: Tensor([1, -1, 1]))
    }
    #expect(throws: ShapeError.self) { try softmaxCrossEntropy(s, [7, 7], ignoring: 7) }
    #expect(throws: ShapeError.self) { try negativeLogLikelihood(s, [0]) }
    #expect(throws: ShapeError.self) { try negativeLogLikelihood(s, [0, -1]) }
    #expect(throws: ShapeError.self) { try sigmoidCrossEntropy(s, s, positiveWeights: .zeros([2])) }
    #expect(throws: ShapeError.self) {
      try sigmoidCrossEntropy(s, Tensor(repeating: 2, shape: [2, 3]), positiveWeights: .zeros([3]))
    }
    #expect(throws: ShapeError.self) {
      try kullbackLeiblerDivergence(s, Tensor(repeating: -1, shape: [2, 3]))
    }
    #expect(throws: ShapeError.self) { try kullbackLeiblerDivergence(s, .zeros([6])) }
    #expect(throws: ShapeError.self) { try AdversarialLoss.wasserstein.generator(generated: .zeros([0, 1])) }
    #expect(throws: ShapeError.self) { try AdversarialLoss.relativistic.generator(generated: s) }
    #expect(throws: ShapeError.self) {
      try AdversarialLoss.relativistic.critic(real: s, generated: .zeros([2]))
    }
  }
}
