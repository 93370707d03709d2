import Foundation
import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ActivationTests {
  @Test func valuesAreTheLectures() throws {
    let x = Tensor([-2, 0, 3])
    #expect(try relu(x).array == [0, 0, 3])
    #expect(try heaviside(x).array == [0, 0.5, 1])
    #expect(try activate(x, .linear(slope: 2, intercept: -1)).array == [-5, -1, 5])
    expectClose(try sigmoid(x).array, [0.11920292, 0.5, 0.95257413], tolerance: 1e-6)
    expectClose(try tanh(x).array, [-0.9640276, 0, 0.9950547], tolerance: 1e-6)
  }

  /// Longer than the parts of threads, and than those that are copied before they are changed.
  @Test(arguments: [Activation.relu, .geluTanh, .silu]) func aLongInputThatOthersHoldStaysAsItIs(
    activation: Activation
  ) throws {
    let values = (0..<300_007).map { Float($0 % 613 - 300) / 100 }
    let x = try Tensor(values, shape: [values.count])
    let y = try activate(x, activation).array
    #expect(x.array == values)
    for start in stride(from: 0, to: values.count, by: 613) {
      let part = Array(values[start..<min(values.count, start + 613)])
      #expect(Array(y[start..<start + part.count]) == (try activate(Tensor(part), activation).array))
    }
  }

  @Test func nothingOverflows() throws {
    let x = Tensor([-.infinity, -1000, 1000, .infinity])
    #expect(try sigmoid(x).array == [0, 0, 1, 1])
    #expect(try tanh(x).array == [-1, -1, 1, 1])
    #expect(try relu(Tensor([.nan]))[0].isNaN)
    #expect(try heaviside(Tensor([.nan]))[0].isNaN)
  }

  @Test func theExtremesHaveTheirLimits() throws {
    let x = Tensor([-.infinity, -1000, 0, 1000, .infinity])
    for (activation, lowest, highest) in [
      (Activation.elu(alpha: 2), -2, 1000), (.selu, -1.7580993, 1050.7010), (.gelu, 0, 1000),
      (.geluTanh, 0, 1000), (.silu, 0, 1000), (.softplus, 0, 1000), (.hardSigmoid, 0, 1),
      (.hardSwish, 0, 1000), (.mish, 0, 1000),
    ] as [(Activation, Float, Float)] {
      let y = try activate(x, activation).array
      expectClose([y[0], y[1], y[3]], [lowest, lowest, highest], tolerance: 1e-6, "\(activation)")
      #expect(y[4] == (activation == .hardSigmoid ? 1 : .infinity), "\(activation)")
      #expect(try activate(Tensor([.nan]), activation)[0].isNaN, "\(activation)")

      let tape = Tape()
      let slopes = try tape.gradients(of: sum(activate(tape.watch(x), activation)))[0]?.array ?? []
      let end: Float = activation == .hardSigmoid ? 0 : activation == .selu ? 1.0507010 : 1
      expectClose(
        [slopes[0], slopes[1], slopes[3], slopes[4]], [0, 0, end, end], tolerance: 1e-6, "\(activation)")
    }
  }

  @Test func smallNumbersKeepTheirDigits() throws {
    for x in [-1e-3 as Float, -1e-6, -1e-30] {
      let exact = Float(Foundation.expm1(Double(x)))
      #expect(abs(try activate(Tensor([x]), .elu()).item() / exact - 1) < 1e-6)
    }
  }

  /// The numbers are PyTorch's.
  @Test func kinksHaveOneOfTheirTwoSlopes() throws {
    for (activation, place, slope) in [
      (Activation.relu, 0, 0), (.leakyRelu(), 0, 0.01), (.leakyRelu(slope: -0.5), 0, -0.5),
      (.elu(alpha: 1.5), 0, 1.5), (.elu(alpha: -0.5), 0, -0.5), (.selu, 0, 1.7580993),
      (.hardSigmoid, -3, 0), (.hardSigmoid, 3, 0), (.hardSwish, -3, 0), (.hardSwish, 3, 1),
    ] as [(Activation, Float, Float)] {
      let tape = Tape()
      let y = try activate(tape.watch(Tensor([place])), activation)
      let got = try #require(tape.gradients(of: y)[0])
      expectClose(got.array, [slope], tolerance: 1e-6, "\(activation)")
    }
  }

  /// What the way back needs is kept, and an inference keeps nothing: one answer.
  @Test(arguments: Self.all) func watchingChangesNothing(_ activation: Activation) throws {
    let (x, weight) = (Tensor.normal([3, 5], seed: 1), Tensor.normal([4, 5], seed: 2))
    let tape = Tape()
    #expect(try activate(tape.watch(x), activation) == activate(x, activation))
    #expect(
      try linear(tape.watch(x), weight: weight, bias: nil, activation: activation)
        == linear(x, weight: weight, bias: nil, activation: activation))
  }

  static let all: [Activation] = [
    .identity, .linear(slope: -1.5, intercept: 2), .sigmoid, .tanh, .relu, .heaviside, .leakyRelu(),
    .leakyRelu(slope: -0.5), .elu(), .elu(alpha: 0), .elu(alpha: -0.5), .selu, .gelu, .geluTanh, .silu,
    .softplus, .hardSigmoid, .hardSwish, .mish,
  ]

  @Test(arguments: Self.all) func gradientsAgreeWithDifferences(_ activation: Activation) throws {
    let x = try Tensor([-4, -2.5, -1, -0.3, 0.2, 0.7, 2.8, 4], shape: [2, 4])
    try checkGradients(at: [x]) { try activate($0[0], activation) }
    try checkGradients(at: [x, .normal([3, 4], seed: 3), .normal([3], seed: 4)]) {
      try linear($0[0], weight: $0[1], bias: $0[2], activation: .softplus)
    }
  }

  struct Settings: Decodable {
    let activation: String
    let fused: Bool

    var function: Activation {
      switch activation {
      case "sigmoid": .sigmoid
      case "tanh": .tanh
      case "relu": .relu
      case "leaky-relu": .leakyRelu()
      case "leaky-relu-negative": .leakyRelu(slope: -0.5)
      case "elu": .elu(alpha: 1.5)
      case "elu-zero": .elu(alpha: 0)
      case "elu-negative": .elu(alpha: -0.5)
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

  @Test(arguments: try ReferenceCase.all(in: "activations"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    if settings.fused {
      try checkLayer(Dense(outputs: 3, activation: settings.function), against: reference)
    } else {
      try checkOperation(against: reference) { try activate($0[0], settings.function) }
    }
  }

  /// A piece of the loops and a rest.
  @Test(arguments: Self.all) func longBuffersAreComputedAsShortOnes(_ activation: Activation) throws {
    let x = Tensor.normal([1027], seed: 5)
    let tape = Tape()
    let y = try activate(tape.watch(x), activation)
    let slopes = try tape.gradients(of: sum(y))[0]?.array ?? []
    for index in [0, 1, 15, 16, 1000, 1023, 1024, 1026] {
      let tape = Tape()
      let one = try activate(tape.watch(Tensor([x[index]])), activation)
      #expect(y[index] == one[0])
      #expect(try slopes[index] == tape.gradients(of: one)[0]?[0])
    }
  }
}
