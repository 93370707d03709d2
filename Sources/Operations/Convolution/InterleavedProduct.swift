import SwiftBLAS
import Tensors

/// The product of an ``InterleavedConvolution``, in either direction.
struct InterleavedProduct {
  private let geometry: ConvolutionGeometry

  /// Channels of a group, read and written.
  private let inputs, outputs: Int

  /// Elements of a channel, read and written.
  private let sourcePlane, targetPlane: Int

  /// One for each set of taps that places have.
  private let passes: [Pass]

  /// The examples of a block.
  private static var lanes: Int { scatteredColumnStep }

  /// The response, whose sums are over the pixels under each window.
  static func ofWindows(_ geometry: ConvolutionGeometry) -> InterleavedProduct {
    InterleavedProduct(
      geometry, inputs: geometry.groupInputs, outputs: geometry.groupOutputs,
      sourcePlane: geometry.imagePlane, targetPlane: geometry.windows, sourceWidth: geometry.width.size,
      targetWidth: geometry.width.count, rows: geometry.height.tapsOfWindows,
      columns: geometry.width.tapsOfWindows)
  }

  /// The image, whose sums are over the windows that reach each pixel.
  static func ofPixels(_ geometry: ConvolutionGeometry) -> InterleavedProduct {
    InterleavedProduct(
      geometry, inputs: geometry.groupOutputs, outputs: geometry.groupInputs, sourcePlane: geometry.windows,
      targetPlane: geometry.imagePlane, sourceWidth: geometry.width.count, targetWidth: geometry.width.size,
      rows: geometry.height.tapsOfPixels, columns: geometry.width.tapsOfPixels)
  }

  private init(
    _ geometry: ConvolutionGeometry, inputs: Int, outputs: Int, sourcePlane: Int, targetPlane: Int,
    sourceWidth: Int, targetWidth: Int, rows: [AxisTaps], columns: [AxisTaps]
  ) {
    (self.geometry, self.inputs, self.outputs) = (geometry, inputs, outputs)
    (self.sourcePlane, self.targetPlane) = (sourcePlane, targetPlane)
    let kernel = (height: geometry.height.kernel, width: geometry.width.kernel)
    passes = rows.flatMap { row in
      columns.map { column in
        var pass = Pass()
        pass.terms.reserveCapacity(inputs * row.elements.count * column.elements.count)
        for channel in 0..<inputs {
          for (i, down) in zip(row.elements, row.steps) {
            for (j, across) in zip(column.elements, column.steps) {
              pass.terms.append(
                ScatteredTerm(
                  column: (channel * kernel.height + i) * kernel.width + j,
                  offset: (channel * sourcePlane + down * sourceWidth + across) * Self.lanes))
            }
          }
        }
        pass.places.reserveCapacity(row.places.count * column.places.count)
        for y in row.places {
          for x in column.places {
            pass.places.append(
              ScatteredColumn(
                source: (y.source * sourceWidth + x.source) * Self.lanes,
                target: (y.target * targetWidth + x.target) * Self.lanes))
          }
        }
        return pass
      }
    }
  }

  /// Shares blocks of examples, groups and tiles of channels among threads; one turns a block before its first tile of it.
  ///
  /// - Parameter packed: The weights of each group in the order of `packRows`, for as many rows as there are outputs.
  func run(
    _ source: UnsafePointer<Float>, _ packed: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
    _ finish: Finish
  ) {
    var tiles: [Range<Int>] = []
    forEachPackedTile(m: outputs) { tiles.append($0..<$0 + $1) }
    let (groups, depth) = (geometry.groups, inputs * geometry.height.kernel * geometry.width.kernel)
    let blocks = (geometry.batch + Self.lanes - 1) / Self.lanes
    let blockCount = inputs * sourcePlane * Self.lanes
    let tileCount = (tiles.map(\.count).max() ?? 0) * targetPlane * Self.lanes
    let workOfTile = Double(Self.lanes) * geometry.workOfGroup / Double(tiles.count)
    share(blocks * groups * tiles.count, workOfEach: workOfTile) { items in
      withScratch(blockCount + 2 * tileCount) { block in
        let sums = block + blockCount
        // The last block may have fewer examples than lanes, and what is in the others is computed too.
        block.update(repeating: 0, count: geometry.batch % Self.lanes == 0 ? 0 : blockCount)
        for item in items {
          let (ofGroup, tile) = item.quotientAndRemainder(dividingBy: tiles.count)
          let (number, group) = ofGroup.quotientAndRemainder(dividingBy: groups)
          let examples = number * Self.lanes..<min((number + 1) * Self.lanes, geometry.batch)
          if tile == 0 || item == items.lowerBound { read(source, examples, group, into: block) }
          let weights = packed + (group * outputs + tiles[tile].lowerBound) * depth
          for pass in passes {
            pass.run(weights, rows: tiles[tile].count, block, into: sums, ldc: targetPlane * Self.lanes)
          }
          let first = group * outputs + tiles[tile].lowerBound
          write(
            sums, examples, channels: first..<first + tiles[tile].count, to: target, finish,
            by: sums + tileCount)
        }
      }
    }
  }

  /// Turns a group of a block.
  private func read(
    _ source: UnsafePointer<Float>, _ examples: Range<Int>, _ group: Int,
    into block: UnsafeMutablePointer<Float>
  ) {
    let (count, step) = (inputs * sourcePlane, geometry.groups * inputs * sourcePlane)
    transpose(
      source + (examples.lowerBound * step + group * count), count: examples.count, lineStep: step,
      depth: count, to: block, width: Self.lanes)
  }

  /// Finishes the sums of some channels, and turns them back.
  private func write(
    _ sums: UnsafePointer<Float>, _ examples: Range<Int>, channels: Range<Int>,
    to target: UnsafeMutablePointer<Float>, _ finish: Finish, by finished: UnsafeMutablePointer<Float>
  ) {
    let (count, step) = (channels.count * targetPlane, geometry.groups * outputs * targetPlane)
    let target = target + (examples.lowerBound * step + channels.lowerBound * targetPlane)
    if finish.beta != 0 {
      transpose(target, count: examples.count, lineStep: step, depth: count, to: finished, width: Self.lanes)
    }
    let plane = targetPlane * Self.lanes
    for (index, channel) in channels.enumerated() {
      finish.write(
        sums + index * plane, to: finished + index * plane, step: 1, count: plane, channel: channel)
    }
    finish.end(finished, count: count * Self.lanes)
    transpose(finished, count: count, lineStep: Self.lanes, depth: examples.count, to: target, width: step)
  }
}

/// Places that have the same taps.
private struct Pass {
  var terms: [ScatteredTerm] = []
  var places: [ScatteredColumn] = []

  func run(
    _ weights: UnsafePointer<Float>, rows: Int, _ block: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    terms.withUnsafeBufferPointer { terms in
      places.withUnsafeBufferPointer {
        multiply(packedTile: weights, rows: rows, terms: terms, b: block, columns: $0, c: sums, ldc: ldc)
      }
    }
  }
}
