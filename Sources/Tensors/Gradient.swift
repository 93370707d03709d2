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

/// The rows, along the first axis, of a gradient that is zero in all others.
public struct GradientRows: Sendable {
  /// The shape of what this is the gradient of.
  public let shape: Shape

  /// Which rows, in ascending order, each once.
  public let indices: [Int]

  /// The rows' elements, in that order: `shape` with the first axis replaced by the number of `indices`.
  public internal(set) var values: Tensor

  /// The sums of rows that may come several times, and in any order; equal ones are added in the order given.
  ///
  /// - Precondition: there is a row of `shape.droppingFirst` in `pieces` for each index, and each lies within the first
  ///   axis.
  /// - Complexity: O(n log n) for n indices, and their rows once.
  init(shape: Shape, summing pieces: [(indices: [Int], values: Tensor)]) {
    let width = shape.droppingFirst.count
    let order = pieces.enumerated().flatMap { piece, rows in
      rows.indices.enumerated().map { (row: $1, piece: piece, position: $0) }
    }
    .sorted { ($0.row, $0.piece, $0.position) < ($1.row, $1.piece, $1.position) }
    var distinct: [Int] = []
    for place in order where place.row != distinct.last { distinct.append(place.row) }
    self.shape = shape
    indices = distinct
    values = Tensor(shape: shape.droppingFirst.prepending(distinct.count)) { [distinct] sums in
      sums.initialize(repeating: 0)
      guard var sum = sums.baseAddress else { return }
      var row = distinct.first
      for place in order {
        if place.row != row { (row, sum) = (place.row, sum + width) }
        pieces[place.piece].values.withUnsafePointer { values in
          let value = values + place.position * width
          for index in 0..<width { sum[index] += value[index] }
        }
      }
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
          for (position, row) in rows.indices.enumerated() {
            let (target, value) = (start + row * width, values + position * width)
            for index in 0..<width { target[index] += scale * value[index] }
          }
        }
      }
    }
  }
}
