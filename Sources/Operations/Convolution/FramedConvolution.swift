import SwiftBLAS
import Tensors

// A convolution over its frame and its adjoint. Weights are packed once for all examples; an example's frame, and a piece of
// the product at a time, stay in the second-level cache.
extension ConvolutionFrame {
  /// The response to an image; see ``ConvolutionGeometry/convolve(_:_:into:_:)``.
  func convolve(
    _ image: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into response: UnsafeMutablePointer<Float>,
    _ finish: Finish
  ) {
    let (outputs, filter) = (geometry.groupOutputs, geometry.filter)
    let (offsets, phases) = (imageOffsets, ImagePhase.all(of: self))
    withScratch(geometry.groups * outputs * filter) { packed in
      for group in 0..<geometry.groups {
        let first = group * outputs * filter
        packRows(m: outputs, k: filter, a: weight + first, lda: filter, to: packed + first)
      }
      let isWhole = pieceLength(of: run, channels: outputs) >= run
      forEachPiece(of: run, channels: outputs, frame: imageElements) { example, group, frame in
        placeImage(
          image + (example * geometry.inputs + group * geometry.groupInputs) * geometry.imagePlane, phases,
          into: frame)
      } body: { example, group, piece, frame, sums in
        let first = group * outputs
        let response = response + (example * geometry.outputs + first) * geometry.windows
        inChunks(piece, channels: outputs) { chunk, step in
          gemm(
            packedA: packed + first * filter, m: outputs, n: chunk.count, k: filter,
            b: frame + chunk.lowerBound,
            offsets: offsets, c: sums, ldc: step)
          forEachLine(of: chunk, columns: 0..<geometry.width.count) { row, columns, start in
            let target = row * geometry.width.count + columns.lowerBound
            for channel in 0..<outputs {
              finish.write(
                sums + (channel * step + start), to: response + (channel * geometry.windows + target),
                step: 1,
                count: columns.count, channel: first + channel)
            }
          }
        }
        if isWhole { finish.end(response, count: outputs * geometry.windows) }
      }
      if !isWhole { finish.end(response, count: geometry.responseShape.count) }
    }
  }

  /// The adjoint of ``convolve``, one phase of the image after the other.
  func convolveTransposed(
    _ response: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>,
    _ finish: Finish
  ) {
    let (inputs, outputs, filter) = (geometry.groupInputs, geometry.groupOutputs, geometry.filter)
    let finish = coversImage ? finish : finish.begun(image, geometry)
    let phases = ImagePhase.all(of: self)
    let offsets = phases.map { phase in
      (0..<outputs).flatMap { channel in
        phase.shifts.map { channel * responsePlane + firstWindow - $0 }
      }
    }
    let weightOffsets = phases.map { phase in
      (0..<outputs).flatMap { channel in
        phase.elements.map { channel * filter + $0.i * geometry.width.kernel + $0.j }
      }
    }
    withScratch(geometry.weightShape.count) { packed in
      var starts: [[UnsafeMutablePointer<Float>]] = []
      var place = packed
      for group in 0..<geometry.groups {
        starts.append(
          weightOffsets.map { offsets in
            let start = place
            packRows(
              m: inputs, a: weight + group * outputs * filter, lda: filter / inputs, offsets: offsets,
              to: start)
            place += inputs * offsets.count
            return start
          })
      }
      let longest = phases.map { $0.rows.count * width }.max() ?? 0
      let isWhole = pieceLength(of: longest, channels: inputs) >= longest
      forEachPiece(of: longest, channels: inputs, frame: responseElements) { example, group, frame in
        placeResponse(
          response + (example * geometry.outputs + group * outputs) * geometry.windows, into: frame)
      } body: { example, group, piece, frame, sums in
        let first = group * inputs
        let image = image + (example * geometry.inputs + first) * geometry.imagePlane
        for (index, phase) in phases.enumerated() {
          let depth = outputs * phase.elements.count
          inChunks(piece.clamped(to: 0..<phase.rows.count * width), channels: inputs) { chunk, step in
            let start = phase.rows.lowerBound * width + chunk.lowerBound
            gemm(
              packedA: starts[group][index], m: inputs, n: chunk.count, k: depth, b: frame + start,
              offsets: offsets[index], c: sums, ldc: step)
            forEachLine(of: chunk, columns: phase.columns) { row, columns, start in
              let target = phase.pixel(phase.rows.lowerBound + row, columns.lowerBound)
              for channel in 0..<inputs {
                finish.write(
                  sums + (channel * step + start), to: image + (channel * geometry.imagePlane + target),
                  step: phase.step, count: columns.count, channel: first + channel)
              }
            }
          }
        }
        if isWhole { finish.end(image, count: inputs * geometry.imagePlane) }
      }
      if !isWhole { finish.end(image, count: geometry.imageShape.count) }
    }
  }

  /// Shares examples and groups among threads, and, where these are few, pieces of their runs; `place` fills the frame
  /// before the first piece that a thread has of an example and group.
  private func forEachPiece(
    of run: Int, channels: Int, frame: Int,
    place: (_ example: Int, _ group: Int, _ frame: UnsafeMutablePointer<Float>) -> Void,
    body: (
      _ example: Int, _ group: Int, _ piece: Range<Int>, _ frame: UnsafePointer<Float>,
      _ sums: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let items = geometry.batch * geometry.groups
    let length = pieceLength(of: run, channels: channels)
    let pieces = max(1, (run + length - 1) / length)
    share(items * pieces, workOfEach: geometry.workOfGroup / Double(pieces)) { range in
      withScratch(frame + channels * chunkLength(channels: channels)) { scratch in
        // The margins, which nothing is written to afterwards.
        scratch.update(repeating: 0, count: frame)
        for index in range {
          let (item, piece) = index.quotientAndRemainder(dividingBy: pieces)
          let (example, group) = item.quotientAndRemainder(dividingBy: geometry.groups)
          if piece == 0 || index == range.lowerBound { place(example, group, scratch) }
          body(
            example, group, piece * length..<min(run, (piece + 1) * length), scratch, scratch + frame)
        }
      }
    }
  }

  /// A few examples are cut into pieces, so that there is something to share.
  private func pieceLength(of run: Int, channels: Int) -> Int {
    guard geometry.batch * geometry.groups < 4 else { return max(1, run) }
    return max(chunkLength(channels: channels), (run + 3) / 4)
  }

  /// Columns of a product at a time: 64 KiB of sums, in whole vectors.
  private func chunkLength(channels: Int) -> Int {
    let step = 2 * scatteredColumnStep
    return max(1, (1 << 14) / channels / step) * step
  }

  private func inChunks(
    _ piece: Range<Int>, channels: Int, _ body: (_ chunk: Range<Int>, _ step: Int) -> Void
  ) {
    let length = chunkLength(channels: channels)
    for start in stride(from: piece.lowerBound, to: piece.upperBound, by: length) {
      body(start..<min(start + length, piece.upperBound), length)
    }
  }

  /// Calls `body` for the part of each line that a chunk of a run has, of the columns that count: the line, the columns, and
  /// where they begin in the chunk.
  private func forEachLine(
    of chunk: Range<Int>, columns: Range<Int>,
    _ body: (_ row: Int, _ columns: Range<Int>, _ start: Int) -> Void
  ) {
    guard !chunk.isEmpty else { return }
    for row in chunk.lowerBound / width...(chunk.upperBound - 1) / width {
      let line = row * width
      let part = (chunk.lowerBound - line..<chunk.upperBound - line).clamped(to: columns)
      if !part.isEmpty { body(row, part, line + part.lowerBound - chunk.lowerBound) }
    }
  }
}
