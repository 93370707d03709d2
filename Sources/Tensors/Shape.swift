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
    for (axis, size) in sizes.enumerated() { stored[axis] = size }
    self.init(stored, rank: sizes.count)
  }

  /// The first `rank` sizes, if they make a shape; see ``init(exactly:)``.
  private init?(_ sizes: InlineArray<8, Int>, rank: Int) {
    var (extent, isEmpty) = (1, false)
    for axis in 0..<rank {
      let (product, overflow) = extent.multipliedReportingOverflow(by: max(1, sizes[axis]))
      guard sizes[axis] >= 0, !overflow else { return nil }
      extent = product
      isEmpty = isEmpty || sizes[axis] == 0
    }
    (self.sizes, self.rank, self.count) = (sizes, rank, isEmpty ? 0 : extent)
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

  /// This shape with the last axis replaced: what a layer over the last axis gives. Like ``init(exactly:)``, `nil` where that
  /// is no shape.
  ///
  /// - Precondition: it has an axis.
  public func replacingLast(exactly size: Int) -> Shape? {
    precondition(rank > 0, "a scalar has no last axis")
    var sizes = sizes
    sizes[rank - 1] = size
    return Shape(sizes, rank: rank)
  }

  /// This shape with the last axis replaced.
  ///
  /// - Precondition: it has an axis, and the result is a shape.
  public func replacingLast(with size: Int) -> Shape {
    guard let shape = replacingLast(exactly: size) else {
      preconditionFailure("\(self) with a last axis of \(size) is not a shape")
    }
    return shape
  }

  /// The elements of all axes but the last: how many rows there are of them.
  package var rowCount: Int { (0..<max(0, rank - 1)).reduce(1) { $0 * sizes[$1] } }

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
