import CTargetFeatures

/// What is read next, fetched into the second-level cache a few lines at a time while a product is computed.
///
/// A core waits for a dozen lines at once, and a line from memory takes as long as hundreds of multiply-adds. All lines of a
/// tile fetched at once would keep the core waiting; spread over the tile before, they arrive unnoticed.
struct LinesAhead {
  /// What is used when the tile or panel at hand is done.
  var near = Lines()
  /// What is used when the block at hand is done.
  var far = Lines()

  /// Fetches the next lines.
  @inline(__always)
  mutating func fetch() {
    near.fetch()
    far.fetch()
  }

  /// The cache lines of a part of a matrix.
  struct Lines {
    /// More at a time would be waited for: a core has about a dozen on their way at once.
    private static let mostAtATime = 24

    private var address = 0
    /// From the end of a stored row's part to the beginning of the next one's.
    private var skip = 0
    private var linesOfRow = 0
    private var leftOfRow = 0
    private var left = 0
    /// How many are fetched at a time.
    private var share = 0

    /// None.
    @inline(__always)
    init() {}

    /// Those of a stretch of memory, to be fetched by `times` calls.
    @inline(__always)
    init(of memory: UnsafeRawBufferPointer, times: Int) {
      address = Int(bitPattern: memory.baseAddress)
      linesOfRow = (memory.count &+ Caches.line &- 1) / Caches.line
      (leftOfRow, left) = (linesOfRow, linesOfRow)
      share = min(left / times &+ 1, Self.mostAtATime)
    }

    /// Those of the first `rows` rows and `columns` columns, to be fetched by `times` calls.
    @inline(__always)
    init<Scalar>(of matrix: StridedMatrix<Scalar>, rows: Int, columns: Int, times: Int) {
      let isRowMajor = matrix.columnStep == 1
      let scalarBytes = MemoryLayout<Scalar>.stride
      let first = Int(bitPattern: matrix.start)
      address = first & ~(Caches.line &- 1)
      let bytes = first &- address &+ (isRowMajor ? columns : rows) &* scalarBytes
      linesOfRow = (bytes &+ Caches.line &- 1) / Caches.line
      skip = (isRowMajor ? matrix.rowStep : matrix.columnStep) &* scalarBytes &- linesOfRow &* Caches.line
      leftOfRow = linesOfRow
      left = (isRowMajor ? rows : columns) &* linesOfRow
      share = min(left / times &+ 1, Self.mostAtATime)
    }

    @inline(__always)
    fileprivate mutating func fetch() {
      var count = min(share, left)
      left &-= count
      while count > 0 {
        prefetch_for_reading(UnsafeRawPointer(bitPattern: address))
        address &+= Caches.line
        leftOfRow &-= 1
        if leftOfRow == 0 {
          address &+= skip
          leftOfRow = linesOfRow
        }
        count &-= 1
      }
    }
  }
}
