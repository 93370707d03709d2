import CTargetFeatures

/// Cache lines that are read next, fetched into the second-level cache a few at a time while a product is computed.
///
/// A core waits for a handful of lines at once. Fetched one after another, as many as a tile of A has would keep the core
/// waiting; spread over the tile before, they arrive unnoticed.
struct LinesAhead {
  private static let lineBytes = 64

  private var address: Int
  private var leftOfRow: Int
  private var left: Int
  private let rowLines: Int
  private let skip: Int
  /// How many are fetched at a time.
  private let share: Int

  /// Nothing.
  @inline(__always)
  init() { (address, left, leftOfRow, rowLines, skip, share) = (0, 0, 0, 0, 0, 0) }

  /// `rows` rows of `bytes` bytes each, which lie `step` bytes apart, to be fetched by `times` calls.
  @inline(__always)
  init(_ start: UnsafeRawPointer, rows: Int, bytes: Int, step: Int, times: Int) {
    address = Int(bitPattern: start)
    rowLines = (bytes &+ Self.lineBytes &- 1) / Self.lineBytes
    leftOfRow = rowLines
    left = rows &* rowLines
    skip = step &- rowLines &* Self.lineBytes
    share = left / times &+ 1
  }

  /// Fetches the next lines.
  @inline(__always)
  mutating func fetch() {
    var count = min(share, left)
    left &-= count
    while count > 0 {
      prefetch_for_reading(UnsafeRawPointer(bitPattern: address))
      address &+= Self.lineBytes
      leftOfRow &-= 1
      if leftOfRow == 0 {
        address &+= skip
        leftOfRow = rowLines
      }
      count &-= 1
    }
  }
}
