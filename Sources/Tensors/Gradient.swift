import LinearAlgebra

/// ∂loss/∂tensor: all of it, the few rows of it that are not zero, or a product that is not multiplied yet.
///
/// A look-up touches some rows of its table, and a layer of neurons learns from a few examples a sum of as many outer
/// products. Such a gradient costs what it says, not the whole parameter, as long as it is only added to one by
/// ``Tensor/add(_:scaledBy:)-(Gradient,_)``; ``dense`` computes the rest, at each call.
public enum Gradient: Sendable {
  /// A tensor of the shape of what it is the gradient of.
  case dense(Tensor)

  /// The rows that are not zero.
  case rows(GradientRows)

  /// Error terms and inputs whose product it is.
  case product(GradientProduct)

  /// The shape of what this is the gradient of.
  public var shape: Shape {
    switch self {
    case .dense(let tensor): tensor.shape
    case .rows(let rows): rows.shape
    case .product(let product): product.shape
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
    case .product(let product): return product.dense
    }
  }
}

extension Tensor {
  /// Adds `scale` times a gradient in place; of a gradient by rows, only those are read and written, and a product is
  /// multiplied into this tensor by the backend in force.
  ///
  /// - Precondition: the shapes are equal.
  public mutating func add(_ gradient: Gradient, scaledBy scale: Float = 1) {
    precondition(gradient.shape == shape, "adding a gradient \(gradient.shape) to \(shape)")
    switch gradient {
    case .dense(let tensor): add(tensor, scaledBy: scale)
    case .product(let product):
      withUnsafeMutableElements { product.multiply(into: $0, scale: scale, beta: 1) }
    case .rows(let rows):
      let width = shape.droppingFirst.count
      withUnsafeMutableElements { elements in
        guard let start = elements.baseAddress else { return }
        rows.forEachSum { position, columns, sum in
          let ahead = position + Elementary.rowsFetchedAhead
          if ahead < rows.indices.count {
            Elementary.fetch(
              start + (rows.indices[ahead] * width + columns.lowerBound), count: columns.count)
          }
          let target = start + rows.indices[position] * width
          for index in columns { target[index] += scale * sum[index] }
        }
      }
    }
  }
}
