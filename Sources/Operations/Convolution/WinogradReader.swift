import Tensors

/// Transforms tiles of planes to frequencies, some strips of one plane at a time.
///
/// The transform goes down the columns first, where pixels lie side by side whatever tile they belong to, and windows that
/// overlap share their columns. The pixels of each line are then dealt out to runs, the first of every tile, the second, and so
/// on, and the transform goes along the lines, a vector of tiles at a time. What is written beyond a strip's last tile is written
/// over by the next strip's first.
struct WinogradReader<Transform: WinogradReading> {
  let tiles: WinogradTiles

  /// Transformed lines, with margins of zeros: those of a frequency strip by strip, from one strip to the next, and from one
  /// frequency to the next.
  private let lines: UnsafeMutablePointer<Float>
  private let lineStep, frequencyStep: Int

  /// Element j of each tile, one tile after the other, and from one run to the next.
  private let runs: UnsafeMutablePointer<Float>
  private let runStep: Int

  /// What stands for a line outside of a plane, and room for a narrow plane's lines.
  private let zeros, narrow: UnsafeMutablePointer<Float>

  /// Where the lines that a strip reads begin.
  private let sources: UnsafeMutablePointer<UnsafePointer<Float>>

  private static var lanes: Int { Transform.Lanes.scalarCount }

  /// Calls `body` with a reader of pieces of the tiles.
  static func with(_ tiles: WinogradTiles, _ body: (WinogradReader) -> Void) {
    let strips = min(tiles.strips, tiles.stripsOfPiece)
    // Eight tiles at a time are dealt out, with the first two pixels of the next.
    let lineStep = (tiles.across + 7) / 8 * 32 + 8
    let runStep = oddLines(strips * tiles.across + lanes)
    let (lines, runs) = (Transform.Output.count * strips * lineStep, Transform.Input.count * runStep)
    let count = lines + runs + lineStep + Transform.Input.count * 8
    withScratch(count) { scratch in
      scratch.update(repeating: 0, count: count)
      let zeros = scratch + (lines + runs)
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: Transform.Input.count) {
        sources in
        guard let start = sources.baseAddress else { return }
        body(
          WinogradReader(
            tiles: tiles, lines: scratch, lineStep: lineStep, frequencyStep: strips * lineStep,
            runs: scratch + lines, runStep: runStep, zeros: zeros, narrow: zeros + lineStep, sources: start))
      }
    }
  }

  /// Writes frequency f of the tiles of some strips `f · step` elements after the place of each vector of tiles.
  ///
  /// - Parameter exampleStep: From the plane of one example to that of the next.
  @inline(__always)
  func read(
    _ plane: UnsafePointer<Float>, exampleStep: Int, _ strips: Range<Int>, step: Int,
    to place: (_ tile: Int) -> UnsafeMutablePointer<Float>
  ) {
    transformColumns(plane, exampleStep, strips)
    for i in 0..<Transform.Output.count {
      for strip in 0..<strips.count {
        separate(
          lines + (i &* frequencyStep &+ strip &* lineStep), to: runs + strip &* tiles.across)
      }
      for tile in stride(from: 0, to: strips.count * tiles.across, by: Self.lanes) {
        Transform.apply(Transform.Input(at: runs + tile, step: runStep))
          .store(to: place(tile) + i &* Transform.Output.count &* step, step: step)
      }
    }
  }
}

extension WinogradReader {
  private func transformColumns(_ plane: UnsafePointer<Float>, _ exampleStep: Int, _ strips: Range<Int>) {
    let (height, width) = (tiles.height, tiles.width)
    // The columns of the plane that the tiles see, and where they lie in a line; the margins stay zero.
    let (skipped, margin) = (max(0, -width.before), max(0, width.before))
    let seen = min(width.size - skipped, 4 * (tiles.across - 1) + Transform.Input.count - margin)
    guard seen > 0 else { return }
    for (place, strip) in strips.enumerated() {
      let (example, row) = strip.quotientAndRemainder(dividingBy: height.tiles)
      let image = plane + (example * exampleStep + skipped)
      for i in 0..<Transform.Input.count {
        let y = 4 * row + i - height.before
        sources[i] = 0 <= y && y < height.size ? image + y * width.size : UnsafePointer(zeros)
      }
      let target = lines + (place * lineStep + margin)
      if seen >= Self.lanes {
        transformColumns(Transform.self, seen, to: target)
      } else {
        if seen < 8 { copyNarrowLines(seen) }
        transformColumns(Transform.Narrow.self, max(8, seen), to: target)
      }
    }
  }

  /// Transforms `count` columns, at least a vector; the last vector may overlap the one before.
  @inline(__always)
  private func transformColumns<Columns: WinogradTransform>(
    _ transform: Columns.Type, _ count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let last = count &- Columns.Lanes.scalarCount
    var x = 0
    while true {
      Columns.apply(Columns.Input { Columns.Lanes(at: sources[$0] + x) })
        .store(to: target + x, step: frequencyStep)
      if x == last { return }
      x = min(x &+ Columns.Lanes.scalarCount, last)
    }
  }

  /// Makes lines of eight out of shorter ones.
  private func copyNarrowLines(_ count: Int) {
    for i in 0..<Transform.Input.count {
      let copy = narrow + 8 * i
      copy.update(from: sources[i], count: count)
      sources[i] = UnsafePointer(copy)
    }
  }

  /// Puts every fourth element of a line into the same run, from each of its first four on, and where windows overlap from the
  /// next two on.
  @inline(__always)
  private func separate(_ line: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    var tile = 0
    while tile < tiles.across {
      let (even, odd) = halves(line + 4 &* tile)
      even.evenHalf.store(to: target + tile)
      odd.evenHalf.store(to: target + (tile &+ runStep))
      even.oddHalf.store(to: target + (tile &+ 2 &* runStep))
      odd.oddHalf.store(to: target + (tile &+ 3 &* runStep))
      if Transform.Input.count == 6 {
        let (even, odd) = halves(line + (4 &* tile &+ 4))
        even.evenHalf.store(to: target + (tile &+ 4 &* runStep))
        odd.evenHalf.store(to: target + (tile &+ 5 &* runStep))
      }
      tile &+= 8
    }
  }

  /// The even and the odd ones of 32 elements.
  @inline(__always)
  private func halves(_ source: UnsafePointer<Float>) -> (even: SIMD16<Float>, odd: SIMD16<Float>) {
    let (low, high) = (SIMD16<Float>(at: source), SIMD16<Float>(at: source + 16))
    return (
      SIMD16(lowHalf: low.evenHalf, highHalf: high.evenHalf),
      SIMD16(lowHalf: low.oddHalf, highHalf: high.oddHalf)
    )
  }
}
