import Tensors

/// Elements of many tiles in runs: element (i, j) of the tiles of some strips, one after the other, is a run of memory.
///
/// The runs of a plane's windows of 6 × 6, or of its tiles of 4 × 4, are made line by line, eight tiles at a time. What is written
/// beyond a strip's last tile is written over by the next strip's first.
struct WinogradRuns {
  /// From one run to the next: an odd number of cache lines, so that runs do not compete for the same places of a cache.
  let step: Int

  private let lineLength: Int
  private let elements: UnsafeMutablePointer<Float>
  private let lines: UnsafeMutablePointer<Float>

  /// Room for a transform of the runs.
  let temporary: UnsafeMutablePointer<Float>

  /// The first of the runs.
  var start: UnsafeMutablePointer<Float> { elements }

  private static func step(_ tiles: Int) -> Int { oddLines(tiles + 8) }
  private static func lineLength(_ across: Int) -> Int { (across + 7) / 8 * 32 + 8 }
  private static let temporaries = 36 * WinogradLanes.scalarCount

  /// Calls `body` with runs for a piece of the tiles.
  static func with(_ tiles: WinogradTiles, _ body: (WinogradRuns) -> Void) {
    let most = min(tiles.strips, tiles.stripsOfPiece) * tiles.across
    let (step, length) = (step(most), lineLength(tiles.across))
    let count = 36 * step + 6 * length + temporaries
    withScratch(count) { scratch in
      scratch.update(repeating: 0, count: count)
      body(
        WinogradRuns(
          step: step, lineLength: length, elements: scratch, lines: scratch + 36 * step,
          temporary: scratch + (36 * step + 6 * length)))
    }
  }

  private init(
    step: Int, lineLength: Int, elements: UnsafeMutablePointer<Float>, lines: UnsafeMutablePointer<Float>,
    temporary: UnsafeMutablePointer<Float>
  ) {
    (self.step, self.lineLength, self.elements) = (step, lineLength, elements)
    (self.lines, self.temporary) = (lines, temporary)
  }
}

/// At least so many elements, in an odd number of cache lines.
func oddLines(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }

extension WinogradRuns {
  /// Fills the runs with the windows of a plane that give the responses of some strips.
  ///
  /// - Parameter exampleStep: From the plane of one example to that of the next.
  func placeWindows(
    of plane: UnsafePointer<Float>, exampleStep: Int, _ tiles: WinogradTiles, _ strips: Range<Int>
  ) {
    place(
      plane, exampleStep, tiles, strips, side: 6, height: (tiles.height.size, tiles.height.before),
      width: (tiles.width.size, tiles.width.before))
  }

  /// Fills the runs with the tiles of a response.
  func placeTiles(
    of plane: UnsafePointer<Float>, exampleStep: Int, _ tiles: WinogradTiles, _ strips: Range<Int>
  ) {
    place(
      plane, exampleStep, tiles, strips, side: 4, height: (tiles.height.count, 0),
      width: (tiles.width.count, 0))
  }

  private func place(
    _ plane: UnsafePointer<Float>, _ exampleStep: Int, _ tiles: WinogradTiles, _ strips: Range<Int>,
    side: Int, height: (size: Int, before: Int), width: (size: Int, before: Int)
  ) {
    let (down, across) = (tiles.height.tiles, tiles.across)
    // Where a line of the plane lies in one of the tiles; the margins stay zero.
    let (skipped, margin) = (max(0, -width.before), max(0, width.before))
    let inside = max(0, min(width.size - skipped, 4 * across + side - 4 - margin))
    lines.update(repeating: 0, count: side * lineLength)
    var target = elements
    for strip in strips {
      let (example, row) = strip.quotientAndRemainder(dividingBy: down)
      let image = plane + (example * exampleStep + skipped)
      // Its first lines are the last ones of the strip above.
      let shared = strip > strips.lowerBound && row > 0 ? side - 4 : 0
      if inside > 0 {
        for i in shared..<side {
          let (line, y) = (lines + (i * lineLength + margin), 4 * row + i - height.before)
          if y >= 0, y < height.size {
            copy(image + y * width.size, to: line, count: inside)
          } else {
            line.update(repeating: 0, count: inside)
          }
        }
      }
      for run in 0..<shared * side {
        let source = target + (run &+ 4 &* side) &* step - across
        copyLanes(source, to: target + run &* step, count: across)
      }
      for i in shared..<side {
        let line = lines + i &* lineLength
        if side == 6 {
          separate(line, to: target + 6 &* i &* step, across: across, withNext: true)
        } else {
          separate(line, to: target + 4 &* i &* step, across: across, withNext: false)
        }
      }
      target += across
    }
  }

  @inline(__always)
  private func copy(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
    guard count >= 8 else {
      for index in 0..<count { target[index] = source[index] }
      return
    }
    copyLanes(source, to: target, count: count &- 7)
    WinogradLanes(at: source + (count &- 8)).store(to: target + (count &- 8))
  }

  /// Copies `count` elements and up to seven more.
  @inline(__always)
  private func copyLanes(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
    var index = 0
    while index < count {
      WinogradLanes(at: source + index).store(to: target + index)
      index &+= 8
    }
  }

  /// Puts every fourth element of a line into the same run, from each of its first four on, and with the next tile's two
  /// that a window sees, from the first six on.
  @inline(__always)
  private func separate(
    _ line: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, across: Int, withNext: Bool
  ) {
    var tile = 0
    while tile < across {
      let (even, odd) = halves(line + 4 &* tile)
      even.evenHalf.store(to: target + tile)
      odd.evenHalf.store(to: target + (tile &+ step))
      even.oddHalf.store(to: target + (tile &+ 2 &* step))
      odd.oddHalf.store(to: target + (tile &+ 3 &* step))
      if withNext {
        let (even, odd) = halves(line + (4 &* tile &+ 4))
        even.evenHalf.store(to: target + (tile &+ 4 &* step))
        odd.evenHalf.store(to: target + (tile &+ 5 &* step))
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

extension WinogradRuns {
  /// Writes the responses of some strips, which lie in the first sixteen runs, into a channel.
  func writeTiles(
    to plane: UnsafeMutablePointer<Float>, exampleStep: Int, _ tiles: WinogradTiles, _ strips: Range<Int>,
    channel: Int, _ finish: Finish
  ) {
    let (rows, columns) = (tiles.height.count, tiles.width.count)
    var source = UnsafePointer(elements)
    for strip in strips {
      let (example, tileRow) = strip.quotientAndRemainder(dividingBy: tiles.height.tiles)
      let row = 4 * tileRow
      let height = min(4, rows - row)
      let target = plane + (example * exampleStep + row * columns)
      for i in 0..<height { join(source + 4 &* i &* step, to: lines + i &* lineLength, across: tiles.across) }
      for i in 0..<height {
        finish.write(
          lines + i &* lineLength, to: target + i * columns, step: 1, count: columns, channel: channel)
      }
      finish.end(target, count: height * columns)
      source += tiles.across
    }
  }

  /// Puts four runs together, an element of each in turn.
  @inline(__always)
  private func join(_ source: UnsafePointer<Float>, to line: UnsafeMutablePointer<Float>, across: Int) {
    var tile = 0
    while tile < across {
      var (even, odd) = (SIMD16<Float>(), SIMD16<Float>())
      even.evenHalf = WinogradLanes(at: source + tile)
      odd.evenHalf = WinogradLanes(at: source + (tile &+ step))
      even.oddHalf = WinogradLanes(at: source + (tile &+ 2 &* step))
      odd.oddHalf = WinogradLanes(at: source + (tile &+ 3 &* step))
      var (low, high) = (SIMD16<Float>(), SIMD16<Float>())
      (low.evenHalf, low.oddHalf) = (even.lowHalf, odd.lowHalf)
      (high.evenHalf, high.oddHalf) = (even.highHalf, odd.highHalf)
      low.store(to: line + 4 &* tile)
      high.store(to: line + (4 &* tile &+ 16))
      tile &+= 8
    }
  }
}
