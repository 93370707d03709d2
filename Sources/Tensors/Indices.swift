/// Whole numbers with a shape: which row of a table, which word of a vocabulary, stands at each place.
///
///     let sentences = try Indices([4, 0, 7, 4, 2, 1], shape: [2, 3])
public struct Indices: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The sizes along each axis.
  public let shape: Shape

  /// The numbers in row-major order.
  public let elements: [Int]

  /// Indices with the given elements in row-major order.
  ///
  /// - Throws: ``ShapeError`` if their number is not the shape's.
  public init(_ elements: some Collection<Int>, shape: Shape) throws(ShapeError) {
    guard elements.count == shape.count else {
      throw ShapeError("Indices", expected: "\(shape.count) elements for \(shape)", got: "\(elements.count)")
    }
    (self.shape, self.elements) = (shape, Array(elements))
  }

  /// Indices in a row.
  public init(_ elements: [Int]) { (shape, self.elements) = ([elements.count], elements) }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// Rows of `columns` indices each.
  ///
  /// - Precondition: `columns` divides the number of elements.
  public init(_ elements: [Int], columns: Int) {
    precondition(
      columns > 0 && elements.count % columns == 0, "\(elements.count) indices in rows of \(columns)")
    (shape, self.elements) = ([elements.count / columns, columns], elements)
  }

  /// Rows of different lengths, the shorter ones filled up at their ends: `[rows, longest]`.
  public init(padding rows: [[Int]], with filling: Int) {
    let longest = rows.map(\.count).max() ?? 0
    shape = [rows.count, longest]
    elements = rows.flatMap { $0 + Array(repeating: filling, count: longest - $0.count) }
  }

  /// The elements of a tensor of whole numbers, as data sets and layers in a row hand them on.
  ///
  /// - Throws: ``ShapeError``, naming the place, if an element is not whole, negative, or above 2²⁴, from where on a `Float`
  ///   does not hold every whole number.
  public init(_ tensor: Tensor) throws(ShapeError) {
    shape = tensor.shape
    let numbers = tensor.withUnsafeElements { $0.map { Int(exactly: $0) ?? -1 } }
    if let place = numbers.firstIndex(where: { !(0...1 << 24).contains($0) }) {
      throw ShapeError(
        "Indices", expected: "whole numbers from 0 to \(1 << 24)",
        got: "\(tensor.withUnsafeElements { $0[place] }) at \(shape.position(of: place))")
    }
    elements = numbers
  }

  /// The place, an index along each axis, and the value of the first element outside `0..<count`, in words; `nil` if
  /// there is none.
  package func complaint(outside count: Int) -> String? {
    elements.firstIndex { $0 < 0 || $0 >= count }.map { "\(elements[$0]) at \(shape.position(of: $0))" }
  }

  /// The shape and the first few elements.
  public var description: String {
    let shown = elements.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Indices\(shape) \(shown)\(elements.count > 8 ? ", …" : "")"
  }
}

extension Shape {
  /// The index along each axis of the element at an offset in row-major order.
  fileprivate func position(of offset: Int) -> [Int] {
    var (rest, position) = (offset, Array(repeating: 0, count: rank))
    for axis in (0..<rank).reversed() {
      position[axis] = rest % self[axis]
      rest /= self[axis]
    }
    return position
  }
}
