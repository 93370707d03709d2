import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct GradientPenaltyTests {
  private struct Settings: Decodable {
    let activation: String
    let outputs: Int

    var function: Activation {
      switch activation {
      case "sigmoid": .sigmoid
      case "tanh": .tanh
      case "relu": .relu
      case "leaky-relu": .leakyRelu(slope: 0.2)
      case "elu": .elu()
      case "selu": .selu
      case "gelu": .gelu
      case "gelu-tanh": .geluTanh
      case "silu": .silu
      case "softplus": .softplus
      case "hard-sigmoid": .hardSigmoid
      case "hard-swish": .hardSwish
      case "mish": .mish
      default: .identity
      }
    }
  }

  private func critic(_ activation: Activation, widths: [Int] = [5, 4], outputs: Int = 1) throws -> Sequential
  {
    try Sequential {
      Dense(outputs: widths[0], activation: activation).named("hidden")
      Dense(outputs: widths[1]).named("second")
      activation.named("activation")
      Dense(outputs: outputs).named("score")
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "gradient-penalty"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    let shape = try #require(reference.inputs.first).shape.droppingFirst
    let critic = try critic(settings.function, outputs: settings.outputs).initialized(for: shape, seed: 1)
    try checkModule(critic, against: reference) { try gradientPenalty(of: $0, at: $1[0], in: $2) }
  }

  /// Of activations without a kink, and without a kink in their derivative.
  @Test(arguments: [Activation.sigmoid, .tanh, .gelu, .geluTanh, .silu, .softplus, .mish])
  func gradientsAgreeWithDifferences(_ activation: Activation) throws {
    let critic = try critic(activation, widths: [3, 2]).initialized(for: [2], seed: 2)
    let parameters = critic.parameters.map(\.value)
    try checkGradients(at: parameters + [.normal([3, 2], seed: 3)], tolerance: 3e-3) { values in
      var changed = critic
      var position = 0
      changed.updateParameters { parameter, _ in
        parameter = values[position]
        position += 1
      }
      return try gradientPenalty(of: changed, at: values[position])
    }
  }

  @Test(arguments: [
    Activation.identity, .linear(slope: 2, intercept: 1), .heaviside, .relu, .leakyRelu(), .elu(alpha: 0.7),
    .elu(alpha: -0.5), .selu, .hardSigmoid, .hardSwish, .sigmoid, .tanh, .gelu, .geluTanh, .silu, .softplus,
    .mish,
  ])
  func derivativesHaveGradients(_ activation: Activation) throws {
    let x = try Tensor([-4, -2.5, -1, -0.3, 0.2, 0.7, 2.8, 4], shape: [2, 4])
    try checkGradients(at: [x, .normal([2, 4], seed: 5)]) {
      try activationDerivative(activation, at: $0[0], along: $0[1])
    }
    let far = Tensor([-.infinity, -1000, -30, 30, 1000, .infinity])
    let tape = Tape()
    let derivative = try activationDerivative(
      activation, at: tape.watch(far), along: Tensor(repeating: 1, shape: [6]))
    #expect(derivative.isFinite)
    #expect(try tape.gradients(of: sum(derivative))[0]?.isFinite ?? true)
  }

  /// D(x) = wx has the slope ‖w‖ everywhere.
  @Test func aHandWorkedExample() throws {
    let critic = try Dense(weight: Tensor([3, 4], shape: [1, 2]), bias: Tensor([7]))
    let x = Tensor.normal([6, 2], seed: 1)
    let (penalty, gradients) = try critic.valueAndGradients { try gradientPenalty(of: $0, at: x) }
    #expect(try abs(penalty.item() - 16) < 1e-5)
    // 2 (‖w‖ − 1) w / ‖w‖
    expectClose(try #require(gradients["weight"]).array, [4.8, 6.4], tolerance: 1e-6)
    #expect(gradients["bias"] == nil)
    #expect(try abs(gradientPenalty(of: critic, at: x, norm: 5).item()) < 1e-5)
  }

  @Test func theTangentIsTheDifferenceQuotient() throws {
    let critic = try critic(.silu, outputs: 3).initialized(for: [3], seed: 2)
    let (x, t) = (Tensor.normal([2, 3], seed: 1), Tensor.normal([2, 3], seed: 2))
    let (output, tangent) = try critic(x, along: t, in: .inference)
    #expect(output == (try critic(x)))
    let step: Float = 0x1p-8
    let quotient = try (critic(x + step * t) - critic(x - step * t)) / (2 * step)
    expectClose(tangent.array, quotient.array, tolerance: 1e-3)
  }

  /// Real examples around 2, generated ones around −2: the best critic of slope 1 tells them apart by 4.
  @Test func aCriticLearnsToHaveTheSlope() throws {
    var critic = try Sequential(input: [1], seed: 1) {
      Dense(outputs: 6, activation: .silu)
      Dense(outputs: 1)
    }
    let (real, generated) = try (0.1 * .normal([8, 1], seed: 2) + 2, 0.1 * .normal([8, 1], seed: 3) - 2)
    func wasserstein(_ critic: Sequential) throws -> Tensor {
      try AdversarialLoss.wasserstein.critic(real: critic(real), generated: critic(generated))
    }
    var descent = SGD(learningRate: 0.02)
    for step in 0..<150 {
      let pass = Pass(.training, seed: UInt64(step))
      let (_, gradients) = try critic.valueAndGradients {
        try wasserstein($0) + 10 * gradientPenalty(of: $0, between: real, and: generated, in: pass)
      }
      try descent.update(&critic, with: gradients)
    }
    #expect(try gradientPenalty(of: critic, between: real, and: generated, in: Pass(.training)).item() < 0.05)
    #expect(try abs(wasserstein(critic).item() + 4) < 0.8)
  }

  @Test func aFlatCriticHasNoDirection() throws {
    let critic = try Dense(weight: .zeros([1, 2]), bias: nil)
    let (penalty, gradients) = try critic.valueAndGradients {
      try gradientPenalty(of: $0, at: .zeros([3, 2]))
    }
    #expect(try penalty.item() == 1)
    #expect(try #require(gradients["weight"]).array == [0, 0])
  }

  @Test func thePointsLieBetweenThePairsAndFollowFromTheSeed() throws {
    // With D(x) = x²/2 the slope is the point itself.
    let (real, generated) = (Tensor(repeating: 3, shape: [50, 1]), Tensor(repeating: 2, shape: [50, 1]))
    func penalty(_ seed: UInt64) throws -> Float {
      try gradientPenalty(
        of: HalfSquare(), between: real, and: generated, norm: 2, in: Pass(.training, seed: seed)
      )
      .item()
    }
    // The mean of ε² for ε from [0, 1) is a third.
    #expect(try abs(penalty(1) - 1 / 3) < 0.15)
    #expect(try penalty(1) == penalty(1))
    #expect(try penalty(1) != penalty(2))
  }

  @Test func linearLayersTakeTangentsAsTheyTakeInputs() throws {
    let model = try Sequential {
      Doubling()
      Dense(outputs: 1, bias: false)
    }.initialized(for: [2], seed: 1)
    let w = try #require(model.parameters.first?.value)
    let x = Tensor.normal([3, 2], seed: 1)
    let expected = try square(2 * squareRoot(sum(square(w))) - 1).item()
    #expect(try abs(gradientPenalty(of: model, at: x).item() - expected) < 1e-5)
  }

  @Test func aLayerWithoutTangentsSaysSo() throws {
    let model = try Sequential(input: [2], seed: 1) {
      Dense(outputs: 2)
      Softmax().named("odd")
    }
    let error = #expect(throws: ShapeError.self) { try gradientPenalty(of: model, at: .zeros([3, 2])) }
    #expect(error?.path == ["odd"])
  }

  @Test func wrongShapesThrow() throws {
    let critic = try critic(.tanh).initialized(for: [3], seed: 1)
    #expect(throws: ShapeError.self) { try gradientPenalty(of: critic, at: .zeros([0, 3])) }
    #expect(throws: ShapeError.self) { try gradientPenalty(of: critic, at: .zeros([2, 4])) }
    #expect(throws: ShapeError.self) { try gradientPenalty(of: critic, at: Tensor(scalar: 1)) }
    #expect(throws: ShapeError.self) { try gradientPenalty(of: Dense(outputs: 1), at: .zeros([2, 4])) }
    #expect(throws: ShapeError.self) { try critic(.zeros([2, 3]), along: .zeros([3]), in: .inference) }
    #expect(throws: ShapeError.self) {
      try gradientPenalty(of: critic, between: .zeros([2, 3]), and: .zeros([1, 3]), in: .inference)
    }
    #expect(throws: ShapeError.self) { try activationDerivative(.tanh, at: .zeros([2]), along: .zeros([3])) }
  }
}

private struct Doubling: LinearLayer {
  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try 2 * input }
  func outputShape(for input: Shape) throws -> Shape { input }
  var description: String { "Doubling()" }
}

private struct HalfSquare: TangentLayer {
  func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try square(input) / 2 }
  func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) {
    (try square(input) / 2, try input * tangent)
  }
  func outputShape(for input: Shape) throws -> Shape { input }
  var description: String { "HalfSquare()" }
}
