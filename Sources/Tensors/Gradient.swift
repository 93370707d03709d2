/// ∂loss/∂tensor: all of it, or the few rows of it that are not zero.
///
/// A look-up touches some rows of its table. Their gradient costs those rows, not the table; the rest of a step can be
/// as cheap, since ``Tensor/add(_:scaledBy:)-(Gradient,_)`` reads and writes only them.
public enum Gradient: Sendable {
  /// A tensor of the shape of what it is the gradient of.
  case dense(Tensor)

  /// The rows that are not zero.
  case rows(GradientRows)

  /// The shape of what this is the gradient of.
  public var shape: Shape {
    switch self {
    case .dense(let tensor): tensor.shape
    case .rows(let rows): rows.shape
    }
  }

  /// The gradient as one tensor; rows are put among zeros, which takes memory of the whole shape.
  public var dense: Tensor {
    switch self {
    case .dense(let tensor): return tensor
    case .rows(let rows):
      var tensor = Tensor.zeros(rows.shape)
      tensor.add(self)
      return tensor
    }
  }
}

extension Tensor {
  /// Adds `scale` times a gradient in place; of a gradient by rows, only those are read and written.
  ///
  /// - Precondition: the shapes are equal.
  public mutating func add(_ gradient: Gradient, scaledBy scale: Float = 1) {
    switch gradient {
    case .dense(let tensor): add(tensor, scaledBy: scale)
    case .rows(let rows):
      precondition(rows.shape == shape, "adding rows of \(rows.shape) to \(shape)")
      let width = shape.droppingFirst.count
      rows.values.withUnsafePointer { values in
        withUnsafeMutableElements { sum in
          guard let start = sum.baseAddress else { return }
          rows.parallel { row, position in
            let (target, value) = (start + row * width, values + position * width)
            for index in 0..<width { target[index] += scale * value[index] }
          }
        }
      }
    }
  }
}
