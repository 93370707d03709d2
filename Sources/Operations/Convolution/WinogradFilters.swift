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

  private static var lanes: Int { WinogradLanes.scalarCount }

  /// Transforms all filters into the order of `packRows`, eight rows at a time.
  func pack(to packed: UnsafeMutablePointer<Float>) {
    var packedTiles: [(row: Int, count: Int)] = []
    forEachPackedTile(m: rows) { packedTiles.append(($0, $1)) }
    let lanes = Self.lanes
    share(packedTiles.count, workOfEach: Double(300 * depth * rows / packedTiles.count)) { range in
      withScratch(9 * lanes + 36 * lanes + WinogradFilter.temporaryCount) { taps in
        let (last, temporary) = (taps + 9 * lanes, taps + 45 * lanes)
        for (row, count) in packedTiles[range] {
          let target = packed + row * depth
          for p in 0..<depth {
            for first in stride(from: 0, to: count, by: lanes) {
              gather(row + first, p, into: taps)
              let place = p &* count &+ first
              // More lanes than are left are written over by the next ones, which the last of a tile must not touch.
              if place &+ lanes <= depth &* count {
                WinogradFilter.transform(taps, step: lanes, to: target + place, step: step, temporary)
              } else {
                WinogradFilter.transform(taps, step: lanes, to: last, step: lanes, temporary)
                for frequency in 0..<36 {
                  (target + (place + frequency * step))
                    .update(from: last + frequency * lanes, count: min(lanes, count - first))
                }
              }
            }
          }
        }
      }
    }
  }

  /// The weights of eight rows from `row` on at one depth; of fewer, the last again.
  @inline(__always)
  private func gather(_ row: Int, _ depth: Int, into taps: UnsafeMutablePointer<Float>) {
    let start = weight + (row &* rowStep &+ depth &* depthStep)
    let left = rows &- row &- 1
    let (b, c, d) = (
      start + min(1, left) &* rowStep, start + min(2, left) &* rowStep, start + min(3, left) &* rowStep
    )
    let (e, f) = (start + min(4, left) &* rowStep, start + min(5, left) &* rowStep)
    let (g, h) = (start + min(6, left) &* rowStep, start + min(7, left) &* rowStep)
    for tap in 0..<9 {
      let place = isTurned ? 8 &- tap : tap
      WinogradLanes(start[tap], b[tap], c[tap], d[tap], e[tap], f[tap], g[tap], h[tap])
        .store(to: taps + place &* Self.lanes)
    }
  }
}
