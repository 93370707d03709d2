import LinearAlgebra

/// An array of `Float` with a shape: the value that flows through a network.
///
/// A tensor is a value. Copying one is O(1) and shares its memory until one of the copies is written to. Elements lie
/// contiguously in row-major order. Tensors can be sent to any task.
///
/// While a ``Tape`` watches, tensors also remember the operation that made them, so that error terms find
/// their way back.
public struct Tensor: Sendable {
  /// The sizes along each axis.
  public let shape: Shape

  private var storage: Storage

  /// Where the tape that watches this tensor recorded it; `nil` for a constant.
  package var record: Record?

  /// The number of elements.
  public var count: Int { shape.count }

  /// A tensor whose elements `initialize` must all write.
  ///
  /// - Parameter initialize: gets the uninitialized memory of `shape.count` elements.
  public init(
    shape: Shape, initializingWith initialize: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    self.shape = shape
    storage = Storage(count: shape.count)
    try initialize(UnsafeMutableBufferPointer(start: storage.elements, count: shape.count))
  }

  /// A tensor of one repeated value.
  public init(repeating value: Float, shape: Shape) {
    self.init(shape: shape) { elements in
      Threads.parallel(overElements: elements.count) {
        UnsafeMutableBufferPointer(rebasing: elements[$0]).initialize(repeating: value)
      }
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// A tensor with the given elements in row-major order.
  ///
  /// - Throws: ``ShapeError`` if their number is not the shape's.
  public init(_ elements: some Collection<Float>, shape: Shape) throws(ShapeError) {
    guard elements.count == shape.count else {
      throw ShapeError("Tensor", expected: "\(shape.count) elements for \(shape)", got: "\(elements.count)")
    }
    self.init(shape: shape) { _ = $0.initialize(from: elements) }
  }

  /// A tensor of rank 1.
  public init(_ elements: [Float]) {
    self.init(shape: [elements.count]) { _ = $0.initialize(from: elements) }
  }

  /// A tensor of rank 0.
  public init(scalar: Float) { self.init(repeating: scalar, shape: []) }

  /// The elements in row-major order, copied.
  public var array: [Float] { withUnsafeElements { Array($0) } }

  /// The only element.
  ///
  /// - Throws: ``ShapeError`` if there is not exactly one.
  public func item() throws(ShapeError) -> Float {
    guard count == 1 else { throw ShapeError("item()", expected: "one element", got: shape) }
    return storage.elements[0]
  }

  /// The element at an index along each axis.
  ///
  /// - Precondition: there are as many indices as axes, each within its axis.
  public subscript(indices: Int...) -> Float {
    get { storage.elements[offset(of: indices)] }
    set {
      let offset = offset(of: indices)
      withUnsafeMutableElements { $0[offset] = newValue }
    }
  }

  /// The same elements under another shape, sharing memory; a constant, which no error term passes through.
  ///
  /// - Throws: ``ShapeError`` if the number of elements differs.
  public func reshaped(to shape: Shape) throws(ShapeError) -> Tensor {
    guard shape.count == count else {
      throw ShapeError("reshaped(to:)", expected: "\(count) elements, as in \(self.shape)", got: shape)
    }
    return Tensor(sharing: storage, shape: shape)
  }

  /// This tensor as a constant, cut off from the tape that watches it.
  public var detached: Tensor { Tensor(sharing: storage, shape: shape) }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool { withUnsafeElements { $0.allSatisfy(\.isFinite) } }

  /// Calls `body` with the elements for reading.
  public func withUnsafeElements<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows
    -> Result
  {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.elements, count: count))
    }
  }

  /// Calls `body` with the address of the first element, for reading; valid even when there is none.
  package func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(storage.elements) }
  }

  /// Calls `body` with the elements for writing, after copying them if another tensor shares them.
  ///
  /// A tensor that is written to is a constant from then on: the tape knows only what operations do.
  public mutating func withUnsafeMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    record = nil
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: count)
      copy.elements.initialize(from: storage.elements, count: count)
      storage = copy
    }
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: storage.elements, count: count))
    }
  }

  /// Whether another tensor shares the elements, so that they are copied before they are written to.
  package var isShared: Bool {
    mutating get { !isKnownUniquelyReferenced(&storage) }
  }

  /// Adds `scale` times `other`, element by element, in place.
  ///
  /// - Precondition: the shapes are equal.
  public mutating func add(_ other: Tensor, scaledBy scale: Float = 1) {
    precondition(other.shape == shape, "adding \(other.shape) to \(shape)")
    other.withUnsafeElements { other in
      withUnsafeMutableElements { sum in
        Threads.parallel(overElements: sum.count) { range in
          for index in range { sum[index] += scale * other[index] }
        }
      }
    }
  }

  /// Some of the rows along the first axis, copied in the given order.
  ///
  /// - Precondition: there is a first axis, and each index lies within it.
  public func rows(_ indices: some Collection<Int>) -> Tensor {
    let row = shape.droppingFirst
    return Tensor(shape: row.prepending(indices.count)) { selected in
      guard let target = selected.baseAddress else { return }
      withUnsafePointer { source in
        for (position, index) in indices.enumerated() {
          precondition(index >= 0 && index < shape[0], "row \(index) of \(shape)")
          (target + position * row.count).initialize(from: source + index * row.count, count: row.count)
        }
      }
    }
  }

  private init(sharing storage: Storage, shape: Shape) {
    self.shape = shape
    self.storage = storage
  }

  private func offset(of indices: [Int]) -> Int {
    precondition(indices.count == shape.rank, "\(indices.count) indices into \(shape)")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      precondition(index >= 0 && index < shape[axis], "index \(indices) into \(shape)")
      offset = offset * shape[axis] + index
    }
    return offset
  }
}

extension Tensor: Equatable {
  /// Whether shapes and elements are equal, element by element as `Float` compares them.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return a.withUnsafeElements { a in b.withUnsafeElements { b in a.elementsEqual(b) } }
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first few elements.
  public var description: String {
    let shown = array.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape) \(shown)\(count > 8 ? ", …" : "")"
  }
}
