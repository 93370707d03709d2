import SwiftBLAS
import Tensors

/// The filters of a Winograd convolution as a matrix for each frequency, U = G g Gᵀ: `rows` planes written, `depth` planes read.
struct WinogradFilters {
  let weight: UnsafePointer<Float>
  let rows, depth: Int

  /// From the filter of one row, and of one depth, to the next.
  let rowStep, depthStep: Int

  /// Whether the filters are turned round, their last weight first.
  let isTurned: Bool

  /// From one frequency's matrix to the next.
  var step: Int { oddLines(rows * depth) }

  /// Elements of all.
  var count: Int { 36 * step }

  /// The transform of a filter takes as long as so many multiply-adds of a product, most of it to write its frequencies (measured).
  static var work: Int { 1000 }

  /// Eight filters side by side.
  typealias Lanes = SIMD8<Float>

  private static var lanes: Int { Lanes.scalarCount }

  /// Transforms all filters into the order of `packRows`, eight rows and some depths at a time: so many that their frequencies,
  /// which go to as many places far from each other, stay in the first-level cache till then.
  func pack(to packed: UnsafeMutablePointer<Float>) {
    var packedTiles: [(row: Int, count: Int)] = []
    forEachPackedTile(m: rows) { packedTiles.append(($0, $1)) }
    let together = min(depth, 16)
    let (filter, frequency) = (9 * Self.lanes, together * Self.lanes)
    share(packedTiles.count, workOfEach: Double(Self.work * depth * rows / packedTiles.count)) { range in
      withScratch(together * filter + 36 * frequency + WinogradFilter<Lanes>.temporaryCount) { taps in
        let frequencies = taps + together * filter
        let temporary = frequencies + 36 * frequency
        // Lanes for which there is no row hold what was there before: a number, at first this.
        taps.update(repeating: 0, count: together * filter)
        for (row, count) in packedTiles[range] {
          // The last eight rows first: what lanes there are beyond them is written over by the others.
          for first in stride(from: (count - 1) / Self.lanes * Self.lanes, through: 0, by: -Self.lanes) {
            for start in stride(from: 0, to: depth, by: together) {
              let depths = min(together, depth - start)
              gather(row + first, start..<start + depths, into: taps)
              for p in 0..<depths {
                transform(
                  taps + p &* filter, to: frequencies + p &* Self.lanes, step: frequency, temporary)
              }
              for f in 0..<36 {
                let left = (depth - start) * count - first
                place(
                  frequencies + f * frequency, depths, count,
                  at: packed + (f * step + (row * depth + start * count + first)), left: left)
              }
            }
          }
        }
      }
    }
  }

  /// The weights of eight rows from `row` on, or of as many as there are, at some depths: a weight of the eight side by side.
  private func gather(_ row: Int, _ depths: Range<Int>, into taps: UnsafeMutablePointer<Float>) {
    let count = min(Self.lanes, rows - row)
    // Filters that lie one after the other are turned at once.
    let together = depthStep == 9 ? depths.count : 1
    for depth in stride(from: depths.lowerBound, to: depths.upperBound, by: together) {
      transpose(
        weight + (row * rowStep + depth * depthStep), count: count, lineStep: rowStep, depth: 9 * together,
        to: taps + 9 * (depth - depths.lowerBound) * Self.lanes, width: Self.lanes)
    }
  }

  @inline(__always)
  private func transform(
    _ taps: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, step: Int,
    _ temporary: UnsafeMutablePointer<Float>
  ) {
    let lanes = Self.lanes
    WinogradFilter<Lanes>.transform(
      isTurned ? taps + 8 &* lanes : taps, step: isTurned ? -lanes : lanes, to: target, step: step, temporary)
  }

  /// Puts eight rows of some depths into their tile, of which `left` elements lie from `target` on.
  @inline(__always)
  private func place(
    _ source: UnsafePointer<Float>, _ depths: Int, _ count: Int, at target: UnsafeMutablePointer<Float>,
    left: Int
  ) {
    for p in 0..<depths {
      let (source, target, left) = (source + p &* Self.lanes, target + p &* count, left &- p &* count)
      if left >= Self.lanes {
        Lanes(at: source).store(to: target)
      } else {
        target.update(from: source, count: left)
      }
    }
  }
}
