import Operations
import Tensors

/// An activation is a layer of its own where it stands alone: `Sequential { Dense(outputs: 3); Activation.sigmoid }`.
extension Activation: Layer {
  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try activate(input, self) }

  public func outputShape(for input: Shape) throws -> Shape { input }

  public var description: String {
    switch self {
    case .identity: "identity"
    case .linear(let slope, let intercept): "linear(\(slope)x + \(intercept))"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .heaviside: "heaviside"
    case .relu: "relu"
    case .leakyRelu(let slope): "leakyRelu(slope: \(slope))"
    case .elu(let alpha): "elu(alpha: \(alpha))"
    case .selu: "selu"
    case .gelu: "gelu"
    case .geluTanh: "geluTanh"
    case .silu: "silu"
    case .softplus: "softplus"
    case .hardSigmoid: "hardSigmoid"
    case .hardSwish: "hardSwish"
    case .mish: "mish"
    }
  }
}
