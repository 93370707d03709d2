import SwiftBLAS
import Tensors

/// Frequencies in panels, for the products M[f] = U[f] · V[f]: a panel has some tiles of all channels, one channel after the
/// other.
struct WinogradPanels {
  /// Tiles of a panel: a power of two.
  let width: Int
  private let shift: Int

  /// From one panel of a frequency to the next.
  let panelStep: Int

  /// From one frequency to the next.
  let step: Int

  init(channels: Int, tiles: Int) {
    width = max(WinogradTiles.Lanes.scalarCount, 2 * scatteredColumnStep)
    shift = width.trailingZeroBitCount
    panelStep = channels * width
    step = oddLines((tiles + width - 1) / width * panelStep)
  }

  /// Where a tile of a channel lies.
  @inline(__always)
  func place(_ channel: Int, _ tile: Int) -> Int {
    (tile >> shift) &* panelStep &+ channel &* width &+ (tile & (width &- 1))
  }
}

/// The sums over windows of planes, of which there are `inputs` read and `outputs` written.
struct WinogradProduct {
  let tiles: WinogradTiles
  let inputs, outputs: Int

  func run(
    _ source: UnsafePointer<Float>, _ filters: WinogradFilters, into target: UnsafeMutablePointer<Float>,
    _ finish: Finish
  ) {
    let blocks = tiles.blocks(ofChannels: inputs + outputs)
    guard let longest = blocks.map(\.count).max() else { return }
    let most = longest * tiles.across
    let v = WinogradPanels(channels: inputs, tiles: most)
    let m = WinogradPanels(channels: outputs, tiles: most)
    withScratch(filters.count) { packed in
      filters.pack(to: packed)
      // A thread has several blocks, so that a last one more or less does not count.
      forEachPart(of: blocks.count, least: 4) { part in
        withScratch(36 * (v.step + m.step)) { windows in
          let sums = windows + 36 * v.step
          for strips in blocks[part] {
            transformWindows(source, strips, into: windows, v)
            multiply(packed, filters, windows, v, into: sums, m, tiles: strips.count * tiles.across)
            transformSums(sums, m, strips, into: target, finish)
          }
        }
      }
    }
  }

  /// V = Bᵀ d B.
  private func transformWindows(
    _ source: UnsafePointer<Float>, _ strips: Range<Int>, into windows: UnsafeMutablePointer<Float>,
    _ v: WinogradPanels
  ) {
    let plane = tiles.height.size * tiles.width.size
    share(inputs, workOfEach: Double(strips.count * tiles.across) * 500) { channels in
      WinogradReader<WinogradImage<WinogradTiles.Lanes>>.with(tiles) { reader in
        // Channels lie one after the other.
        tiles.forEachPiece(of: strips) { piece, first in
          for channel in channels {
            reader.read(source + channel * plane, exampleStep: inputs * plane, piece, step: v.step) {
              windows + v.place(channel, first &+ $0)
            }
          }
        }
      }
    }
  }

  /// M[f] = U[f] · V[f].
  private func multiply(
    _ packed: UnsafePointer<Float>, _ filters: WinogradFilters, _ windows: UnsafePointer<Float>,
    _ v: WinogradPanels, into sums: UnsafeMutablePointer<Float>, _ m: WinogradPanels, tiles count: Int
  ) {
    let width = v.width
    let panels = (count + width - 1) / width
    let offsets = (0..<inputs).map { $0 * width }
    share(36 * panels, workOfEach: Double(inputs * outputs * width)) { items in
      for item in items {
        let (frequency, panel) = item.quotientAndRemainder(dividingBy: panels)
        gemm(
          packedA: packed + frequency * filters.step, m: outputs, n: min(width, count - panel * width),
          k: inputs, b: windows + (frequency * v.step + panel * v.panelStep), offsets: offsets,
          c: sums + (frequency * m.step + panel * m.panelStep), ldc: width)
      }
    }
  }

  /// Y = Aᵀ M A.
  private func transformSums(
    _ sums: UnsafePointer<Float>, _ m: WinogradPanels, _ strips: Range<Int>,
    into target: UnsafeMutablePointer<Float>, _ finish: Finish
  ) {
    let plane = tiles.height.count * tiles.width.count
    share(outputs, workOfEach: Double(strips.count * tiles.across) * 500) { channels in
      WinogradWriter.with(tiles) { writer in
        tiles.forEachPiece(of: strips) { piece, first in
          for channel in channels {
            writer.write(
              target + channel * plane, exampleStep: outputs * plane, piece, channel: channel, finish,
              step: m.step
            ) { sums + m.place(channel, first &+ $0) }
          }
        }
      }
    }
  }
}
