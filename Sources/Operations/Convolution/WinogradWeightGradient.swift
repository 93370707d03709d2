import SwiftBLAS
import Tensors

/// The gradient of the weights, the adjoint of the map from weights to the response, step by step: with the response's error
/// term δ,
///
///     D = A δ Aᵀ                          of each tile
///     ∂U[f] = Σ over tiles D[f] · V[f]ᵀ   [outputs, inputs] = [outputs, tiles] · [tiles, inputs]
///     ∂g = Gᵀ ∂U G
///
/// The sums over tiles are taken a block of tiles at a time, in an order that follows from the shapes.
extension WinogradConvolution {
  /// See ``ConvolutionGeometry/weightGradient(image:response:into:beta:)``.
  package func weightGradient(
    image: UnsafePointer<Float>, response: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    beta: Float
  ) {
    let (inputs, outputs) = (geometry.inputs, geometry.outputs)
    let blocks = forward.blocks(ofChannels: inputs + outputs)
    let most = (blocks.map(\.count).max() ?? 0) * forward.across
    let rows = WinogradRows(inputs: inputs, outputs: outputs, tiles: most)
    withScratch(rows.sumCount + rows.windowCount + rows.errorCount) { sums in
      let (windows, errors) = (sums + rows.sumCount, sums + (rows.sumCount + rows.windowCount))
      sums.update(repeating: 0, count: rows.sumCount)
      for strips in blocks {
        transform(image, response, strips, into: windows, errors, rows)
        addProducts(windows, errors, tiles: strips.count * forward.across, to: sums, rows)
      }
      transformSums(sums, rows, into: gradient, beta: beta)
    }
  }

  /// V = Bᵀ d B and D = A δ Aᵀ.
  private func transform(
    _ image: UnsafePointer<Float>, _ response: UnsafePointer<Float>, _ strips: Range<Int>,
    into windows: UnsafeMutablePointer<Float>, _ errors: UnsafeMutablePointer<Float>, _ rows: WinogradRows
  ) {
    let (inputs, outputs) = (geometry.inputs, geometry.outputs)
    share(inputs + outputs, workOfEach: Double(strips.count * forward.across) * 500) { channels in
      let before = channels.clamped(to: 0..<inputs)
      transform(
        WinogradImage.self, image, plane: geometry.imagePlane, forward, strips, before, of: inputs,
        to: windows, rows.windowStep, rows)
      let after = max(inputs, channels.lowerBound) - inputs..<max(inputs, channels.upperBound) - inputs
      transform(
        WinogradError.self, response, plane: geometry.windows, forward.inResponse, strips, after, of: outputs,
        to: errors, rows.errorStep, rows)
    }
  }

  @inline(__always)
  private func transform<Transform: WinogradReading>(
    _: Transform.Type, _ source: UnsafePointer<Float>, plane: Int, _ tiles: WinogradTiles,
    _ strips: Range<Int>, _ channels: Range<Int>, of count: Int, to target: UnsafeMutablePointer<Float>,
    _ step: Int, _ rows: WinogradRows
  ) where Transform.Lanes == WinogradTiles.Lanes {
    WinogradReader<Transform>.with(tiles) { reader in
      tiles.forEachPiece(of: strips) { piece, first in
        for channel in channels {
          let target = target + (channel * rows.tileStep + first)
          reader.read(source + channel * plane, exampleStep: count * plane, piece, step: step) { target + $0 }
        }
      }
    }
  }

  /// ∂U[f] += D[f] · V[f]ᵀ.
  private func addProducts(
    _ windows: UnsafePointer<Float>, _ errors: UnsafePointer<Float>, tiles count: Int,
    to sums: UnsafeMutablePointer<Float>, _ rows: WinogradRows
  ) {
    let (inputs, outputs) = (geometry.inputs, geometry.outputs)
    let padded = (inputs + packedColumnStep - 1) / packedColumnStep * packedColumnStep
    share(36, workOfEach: Double(inputs * outputs * count)) { frequencies in
      withScratch(padded * count) { packed in
        for frequency in frequencies {
          packColumns(
            transposed: true, k: count, n: inputs, b: windows + frequency * rows.windowStep,
            ldb: rows.tileStep, to: packed)
          gemm(
            m: outputs, n: inputs, k: count, a: errors + frequency * rows.errorStep, lda: rows.tileStep,
            packedB: packed, beta: 1, c: sums + frequency * rows.sumStep, ldc: inputs)
        }
      }
    }
  }

  /// ∂g = Gᵀ ∂U G.
  private func transformSums(
    _ sums: UnsafePointer<Float>, _ rows: WinogradRows, into gradient: UnsafeMutablePointer<Float>,
    beta: Float
  ) {
    let (inputs, lanes) = (geometry.inputs, WinogradFilters.Lanes.scalarCount)
    share(geometry.outputs, workOfEach: Double(300 * inputs)) { outputs in
      withScratch(9 * lanes + WinogradGradient<WinogradFilters.Lanes>.temporaryCount) { taps in
        for output in outputs {
          for input in stride(from: 0, to: inputs, by: lanes) {
            let filter = output &* inputs &+ input
            WinogradGradient<WinogradFilters.Lanes>.transform(
              sums + filter, step: rows.sumStep, to: taps, step: lanes, taps + 9 &* lanes)
            for lane in 0..<min(lanes, inputs &- input) {
              let target = gradient + 9 &* (filter &+ lane)
              for tap in 0..<9 {
                let value = taps[tap &* lanes &+ lane]
                target[tap] = beta == 0 ? value : target[tap] + value
              }
            }
          }
        }
      }
    }
  }
}

/// Frequencies in rows, for the products D[f] · V[f]ᵀ: the tiles of a channel side by side.
private struct WinogradRows {
  /// From one channel to the next.
  let tileStep: Int

  /// From one frequency to the next, of windows, of error terms and of the sums.
  let windowStep, errorStep, sumStep: Int

  init(inputs: Int, outputs: Int, tiles: Int) {
    tileStep = oddLines(tiles + WinogradTiles.Lanes.scalarCount)
    windowStep = oddLines(inputs * tileStep)
    errorStep = oddLines(outputs * tileStep)
    sumStep = oddLines(inputs * outputs + WinogradFilters.Lanes.scalarCount)
  }

  var windowCount: Int { 36 * windowStep }
  var errorCount: Int { 36 * errorStep }
  var sumCount: Int { 36 * sumStep }
}
