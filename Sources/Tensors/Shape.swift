/// The sizes of a tensor along each axis, outermost first: `[batch, channels, height, width]`.
///
/// A shape is a plain value of at most ``maximumRank`` axes; it never allocates. The empty shape is a scalar's and
/// holds one element.
public struct Shape: Sendable, Hashable, Codable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The most axes that a shape can have.
  public static let maximumRank = 8

  private var sizes: InlineArray<8, Int>

  /// The number of axes.
  public let rank: Int

  /// The number of elements: the product of all sizes.
  public let count: Int

  /// The shape with the given sizes, or `nil` if there are more than ``maximumRank``, one is negative, or the product of
  /// those that are not zero overflows: of a shape, any of its axes are a shape too.
  @specialized(where Sizes == [Int])
  @specialized(where Sizes == ArraySlice<Int>)
  public init?<Sizes: Collection<Int>>(exactly sizes: Sizes) {
    guard sizes.count <= Self.maximumRank else { return nil }
    var stored = InlineArray<8, Int>(repeating: 0)
    var extent = 1
    for (axis, size) in sizes.enumerated() {
      let (product, overflow) = extent.multipliedReportingOverflow(by: max(1, size))
      guard size >= 0, !overflow else { return nil }
      stored[axis] = size
      extent = product
    }
    self.sizes = stored
    self.rank = sizes.count
    self.count = sizes.contains(0) ? 0 : extent
  }

  /// The shape with the given sizes.
  ///
  /// - Precondition: what ``init(exactly:)`` checks. Sizes that come from a file go through that one.
  @specialized(where Sizes == [Int])
  @specialized(where Sizes == ArraySlice<Int>)
  public init<Sizes: Collection<Int>>(_ sizes: Sizes) {
    guard let shape = Shape(exactly: sizes) else {
      preconditionFailure("\(Array(sizes)) is not a shape of at most \(Self.maximumRank) axes")
    }
    self = shape
  }

  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  /// Reads a list of sizes.
  public init(from decoder: any Decoder) throws {
    let sizes = try decoder.singleValueContainer().decode([Int].self)
    guard let shape = Shape(exactly: sizes) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no tensor has the shape \(sizes)"))
    }
    self = shape
  }

  /// Writes a list of sizes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(array)
  }

  /// The size along an axis; a negative one counts from the end.
  public subscript(axis: Int) -> Int {
    let index = axis < 0 ? axis + rank : axis
    precondition(index >= 0 && index < rank, "axis \(axis) of \(self)")
    return sizes[index]
  }

  /// The sizes as an array.
  public var array: [Int] { (0..<rank).map { sizes[$0] } }

  /// This shape with the first axis taken away: an example's shape from a batch's.
  public var droppingFirst: Shape { Shape(array.dropFirst()) }

  /// This shape with an axis put before the first: a batch's shape from an example's.
  public func prepending(_ size: Int) -> Shape { Shape([size] + array) }

  /// This shape with the last axis replaced: what a layer over the last axis gives.
  public func replacingLast(with size: Int) -> Shape {
    precondition(rank > 0, "a scalar has no last axis")
    var shape = self
    shape.sizes[rank - 1] = size
    return Shape(shape.array)
  }

  public var description: String { "[" + array.map(String.init).joined(separator: ", ") + "]" }

  public static func == (a: Shape, b: Shape) -> Bool {
    guard a.rank == b.rank else { return false }
    for axis in 0..<a.rank where a.sizes[axis] != b.sizes[axis] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for axis in 0..<rank { hasher.combine(sizes[axis]) }
  }
}
