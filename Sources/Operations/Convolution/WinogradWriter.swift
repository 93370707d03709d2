import Tensors

/// Transforms frequencies to tiles of the response and writes them into planes, some strips of one plane at a time.
///
/// A vector of tiles is transformed at once, to runs: element (i, j) of the tiles, one after the other. Of four runs a line is
/// then put together.
struct WinogradWriter {
  typealias Transform = WinogradResponse<WinogradTiles.Lanes>

  let tiles: WinogradTiles

  /// The runs and from one to the next.
  private let runs: UnsafeMutablePointer<Float>
  private let runStep: Int

  /// Lines of a strip and from one to the next.
  private let lines: UnsafeMutablePointer<Float>
  private let lineStep: Int

  /// Room for a transform.
  private let temporary: UnsafeMutablePointer<Float>

  /// Calls `body` with a writer of pieces of the tiles.
  static func with(_ tiles: WinogradTiles, _ body: (WinogradWriter) -> Void) {
    let strips = min(tiles.strips, tiles.stripsOfPiece)
    let runStep = oddLines(strips * tiles.across + Transform.Lanes.scalarCount)
    // Eight tiles at a time are put together.
    let lineStep = (tiles.across + 7) / 8 * 32
    let count = 16 * runStep + 4 * lineStep
    withScratch(count + Transform.temporaryCount) { scratch in
      // What lies beyond the last tile is read as well.
      scratch.update(repeating: 0, count: count)
      body(
        WinogradWriter(
          tiles: tiles, runs: scratch, runStep: runStep, lines: scratch + 16 * runStep, lineStep: lineStep,
          temporary: scratch + count))
    }
  }

  /// Reads frequency f of the tiles of some strips `f · step` elements after the place of each vector of tiles.
  ///
  /// - Parameter exampleStep: From the plane of one example to that of the next.
  @inline(__always)
  func write(
    _ plane: UnsafeMutablePointer<Float>, exampleStep: Int, _ strips: Range<Int>, channel: Int,
    _ finish: Finish,
    step: Int, from place: (_ tile: Int) -> UnsafePointer<Float>
  ) {
    for tile in stride(from: 0, to: strips.count * tiles.across, by: Transform.Lanes.scalarCount) {
      Transform.transform(place(tile), step: step, to: runs + tile, step: runStep, temporary)
    }
    writeRuns(plane, exampleStep, strips, channel, finish)
  }

  private func writeRuns(
    _ plane: UnsafeMutablePointer<Float>, _ exampleStep: Int, _ strips: Range<Int>, _ channel: Int,
    _ finish: Finish
  ) {
    let (rows, columns) = (tiles.height.count, tiles.width.count)
    var source = UnsafePointer(runs)
    for strip in strips {
      let (example, tileRow) = strip.quotientAndRemainder(dividingBy: tiles.height.tiles)
      let row = 4 * tileRow
      let height = min(4, rows - row)
      let target = plane + (example * exampleStep + row * columns)
      for i in 0..<height { join(source + 4 &* i &* runStep, to: lines + i &* lineStep) }
      for i in 0..<height {
        finish.write(
          lines + i &* lineStep, to: target + i * columns, step: 1, count: columns, channel: channel)
      }
      finish.end(target, count: height * columns)
      source += tiles.across
    }
  }

  /// Puts four runs together, an element of each in turn.
  @inline(__always)
  private func join(_ source: UnsafePointer<Float>, to line: UnsafeMutablePointer<Float>) {
    var tile = 0
    while tile < tiles.across {
      var (even, odd) = (SIMD16<Float>(), SIMD16<Float>())
      even.evenHalf = SIMD8(at: source + tile)
      odd.evenHalf = SIMD8(at: source + (tile &+ runStep))
      even.oddHalf = SIMD8(at: source + (tile &+ 2 &* runStep))
      odd.oddHalf = SIMD8(at: source + (tile &+ 3 &* runStep))
      var (low, high) = (SIMD16<Float>(), SIMD16<Float>())
      (low.evenHalf, low.oddHalf) = (even.lowHalf, odd.lowHalf)
      (high.evenHalf, high.oddHalf) = (even.highHalf, odd.highHalf)
      low.store(to: line + 4 &* tile)
      high.store(to: line + (4 &* tile &+ 16))
      tile &+= 8
    }
  }
}
