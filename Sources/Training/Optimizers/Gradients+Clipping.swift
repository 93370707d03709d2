import Layers
import LinearAlgebra
import Tensors

extension Gradients {
  /// √Σ g² over the elements of all gradients: the length of the step that gradient descent would take at rate 1.
  public var norm: Float { Float(elements.reduce(0) { $0 + ($1?.squaredNorm ?? 0) }.squareRoot()) }

  /// Whether no gradient has a NaN or an infinity.
  public var isFinite: Bool { elements.allSatisfy { $0?.isFinite ?? true } }

  /// Shortens all gradients together so that their norm is at most `most`, and returns the norm that they had.
  ///
  /// Their direction stays. Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
  /// ICML 2013; PyTorch's `clip_grad_norm_`.
  @discardableResult
  public mutating func clip(toNorm most: Float) -> Float {
    update { gradient, _ in gradient?.compute() }
    let norm = self.norm
    let factor = most / (norm + 1e-6)
    if factor < 1 { update { gradient, _ in gradient?.scale(by: factor) } }
    return norm
  }

  /// Brings every element into `-most...most`; NaN stays.
  public mutating func clip(toValue most: Float) {
    update { gradient, _ in
      gradient?.updateElements { elements in
        Threads.parallel(overElements: elements.count) { range in
          for index in range {
            let element = elements[index]
            elements[index] = element > most ? most : element < -most ? -most : element
          }
        }
      }
    }
  }
}

/// How gradients are kept from one step that is too long.
public enum GradientClipping: Sendable, Hashable, Codable {
  /// All together to this norm; see ``Gradients/clip(toNorm:)``.
  case norm(Float)
  /// Each element to this size; see ``Gradients/clip(toValue:)``.
  case value(Float)

  /// Clips gradients in place.
  public func callAsFunction(_ gradients: inout Gradients) {
    switch self {
    case .norm(let most): gradients.clip(toNorm: most)
    case .value(let most): gradients.clip(toValue: most)
    }
  }
}
