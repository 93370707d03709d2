import Tensors

/// The last axes of an input, which a layer treats together: by number, or by shape once that is known.
struct LastAxes: Sendable, Codable {
  private let count: Int
  private let shape: Shape?

  init(count: Int) { (self.count, shape) = (count, nil) }

  init(_ shape: Shape) { (count, self.shape) = (shape.rank, shape) }

  /// The sizes of these axes in an input.
  ///
  /// - Throws: ``ShapeError`` if the input has not got them, or they hold no element.
  func shape(in input: Shape, batched: Bool, for layer: some Layer) throws -> Shape {
    let ending = shape.map { "\($0)" } ?? "at least one element in the last \(count) axes"
    let axes = input.array.suffix(max(0, count))
    let spare = input.rank - (batched ? 1 : 0)
    guard count > 0, count <= spare, let found = Shape(exactly: axes), found.count > 0,
      shape == nil || shape == found
    else {
      let expected = shape == nil ? ending : batched ? "[batch, …] + \(ending)" : "[…] + \(ending)"
      throw ShapeError(layer, expected: expected, got: input)
    }
    return found
  }

  /// As arguments of a layer.
  var arguments: [String] { shape.map { ["\($0)"] } ?? (count == 1 ? [] : ["axes: \(count)"]) }
}
