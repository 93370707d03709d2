import Tensors

/// An axis of what a Winograd convolution reads and writes: of `size` elements read, response `o` sees those from
/// `o − before` on, three of them; what lies outside is 0.
struct WinogradAxis {
  let size, before, count: Int

  /// Tiles of four responses, the last of which may be cut off.
  var tiles: Int { (count + 3) / 4 }
}

/// At least so many elements, in an odd number of cache lines: what lies that far apart does not compete for the same places of a
/// cache.
func oddLines(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }

/// The tiles of a batch of planes, strip by strip: a strip is a row of tiles of one example.
struct WinogradTiles {
  /// Sixteen tiles side by side: a vector of AVX-512, or two of AVX2.
  typealias Lanes = SIMD16<Float>

  let batch: Int
  let height, width: WinogradAxis

  /// Strips of all examples, and tiles of each.
  var strips: Int { batch * height.tiles }
  var across: Int { width.tiles }

  var count: Int { strips * across }

  /// The tiles of the response, as they lie in it: they do not overlap.
  var inResponse: WinogradTiles {
    func axis(_ axis: WinogradAxis) -> WinogradAxis {
      WinogradAxis(size: axis.count, before: 0, count: axis.count)
    }
    return WinogradTiles(batch: batch, height: axis(height), width: axis(width))
  }

  /// The strips in blocks that keep the frequencies of so many channels within 1 MiB, a share of the second-level cache, but have
  /// 64 tiles at least, for which the filters' frequencies are worth reading, and a strip at least.
  func blocks(ofChannels channels: Int) -> [Range<Int>] {
    let mostTiles = max(64, (1 << 20) / (36 * MemoryLayout<Float>.stride * channels))
    // As full vectors of tiles as there can be.
    let most = max(1, mostTiles / Lanes.scalarCount * Lanes.scalarCount / across)
    return stride(from: 0, to: strips, by: most).map { $0..<min(strips, $0 + most) }
  }

  /// The most strips whose runs stay in the first-level cache while they are transformed; their tiles are whole vectors.
  var stripsOfPiece: Int {
    let lanes = Lanes.scalarCount
    // So many strips are whole vectors: the width's factors of two make up for strips.
    let unit = lanes / min(lanes, across & -across)
    return max(1, 64 / (across * unit)) * unit
  }

  /// Calls `body` for the pieces of some strips, with the number of tiles before each.
  @inline(__always)
  func forEachPiece(of strips: Range<Int>, _ body: (_ piece: Range<Int>, _ first: Int) -> Void) {
    for start in stride(from: strips.lowerBound, to: strips.upperBound, by: stripsOfPiece) {
      body(start..<min(strips.upperBound, start + stripsOfPiece), (start - strips.lowerBound) * across)
    }
  }
}
