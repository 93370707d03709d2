import Tensors

/// An axis of what a Winograd convolution reads and writes: of `size` elements read, response `o` sees those from
/// `o − before` on, three of them; what lies outside is 0.
struct WinogradAxis {
  let size, before, count: Int

  /// Tiles of four responses, the last of which may be cut off.
  var tiles: Int { (count + 3) / 4 }
}

/// The tiles of a batch of planes, strip by strip: a strip is a row of tiles of one example.
struct WinogradTiles {
  let batch: Int
  let height, width: WinogradAxis

  /// Strips of all examples, and tiles of each.
  var strips: Int { batch * height.tiles }
  var across: Int { width.tiles }

  var count: Int { strips * across }

  /// The strips in as few and as equal blocks as keep the frequencies of so many channels within 2 MiB. A block has 64 tiles
  /// at least, for which the filters' frequencies are worth reading, and a strip at least.
  func blocks(ofChannels channels: Int) -> [Range<Int>] {
    let mostTiles = max(64, (1 << 21) / (36 * MemoryLayout<Float>.stride * channels))
    let most = max(1, mostTiles / across)
    let (strips, parts) = (strips, (strips + most - 1) / most)
    return (0..<parts).map { $0 * strips / parts..<($0 + 1) * strips / parts }
  }

  /// The most strips whose runs stay in the first-level cache while they are transformed; their tiles are whole vectors.
  var stripsOfPiece: Int {
    let lanes = WinogradLanes.scalarCount
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
