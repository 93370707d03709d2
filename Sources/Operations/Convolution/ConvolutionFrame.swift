import SwiftBLAS
import Tensors

/// How an image and its response lie within margins so that a convolution is a product without a matrix of columns.
///
/// With a stride s, pixel r (counted from the padding's first) is line r / s of phase r mod s. In the plane of a phase, which
/// has the padding as its margin, element k of window o is line o + (k · dilation) / s: one step from the same element of the
/// next window. The pixels under one element of the kernel, window after window, are therefore a run of a plane, and all
/// that a product needs to know of it is where it begins. Lines are longer than there are windows; what is computed
/// beyond the last window of a line is left out afterwards.
///
/// The response lies in lines of the same length behind a margin of zeros. Its runs are then aligned with the image's, and
/// a step back in them is the window before: what the ways back need.
struct ConvolutionFrame {
  let geometry: ConvolutionGeometry

  /// Zeros before the response along either axis: the farthest that an element of the kernel lies from its window.
  let top, left: Int

  /// The length of a line of either.
  let width: Int

  /// Lines of a phase's plane, and of a channel of the response within its margin.
  let imageRows, responseRows: Int

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (height, width) = (geometry.height, geometry.width)
    top = (height.kernel - 1) * height.dilation / height.stride
    left = (width.kernel - 1) * width.dilation / width.stride
    self.width = max(width.count + left, (width.size - 1 + width.before) / width.stride + 1)
    imageRows = max(height.count + top, (height.size - 1 + height.before) / height.stride + 1)
    responseRows = top + imageRows
  }

  /// From the first window to the last, in elements of a line after the other.
  var run: Int { (geometry.height.count - 1) * width + geometry.width.count }

  /// Whether little enough lies between the windows of one line and those of the next.
  var isWorthwhile: Bool { 2 * geometry.windows >= run }

  /// What may be read beyond the end of a run.
  private var slack: Int { scatteredColumnStep }

  /// Elements of a channel in one phase.
  private var phasePlane: Int { imageRows * width }

  /// Elements of a channel of the response within its margin and what a run, which begins `left` elements into a line, may
  /// be read beyond the last one: zeros.
  var responsePlane: Int { responseRows * width + left + slack }

  /// Elements of a group's image in phases.
  var imageElements: Int {
    geometry.height.stride * geometry.width.stride * geometry.groupInputs * phasePlane + slack
  }

  /// Elements of a group's response within its margins.
  var responseElements: Int { geometry.groupOutputs * responsePlane + slack }

  /// Where the run of each weight's pixels begins, in the order of a filter's weights.
  var imageOffsets: [Int] {
    let (height, width) = (geometry.height, geometry.width)
    return (0..<geometry.groupInputs).flatMap { channel in
      (0..<height.kernel).flatMap { i in
        (0..<width.kernel).map { j in
          let (down, across) = (i * height.dilation, j * width.dilation)
          let phase = down % height.stride * width.stride + across % width.stride
          return (phase * geometry.groupInputs + channel) * phasePlane + down / height.stride * self.width
            + across / width.stride
        }
      }
    }
  }

  /// The first window of the response's first channel within its margin.
  var firstWindow: Int { top * width + left }
}

extension ConvolutionFrame {
  /// Puts a group's channels into their phases, in a frame whose other elements are zero.
  func placeImage(_ image: UnsafePointer<Float>, into frame: UnsafeMutablePointer<Float>) {
    let (height, width) = (geometry.height, geometry.width)
    for down in 0..<height.stride {
      let rows = height.lines(ofPhase: down)
      for across in 0..<width.stride {
        let columns = width.lines(ofPhase: across)
        guard !rows.isEmpty, !columns.isEmpty else { continue }
        let pixel =
          height.pixel(rows.lowerBound, ofPhase: down) * width.size
          + width.pixel(columns.lowerBound, ofPhase: across)
        let place = rows.lowerBound * self.width + columns.lowerBound
        let phase = (down * width.stride + across) * geometry.groupInputs
        for channel in 0..<geometry.groupInputs {
          var source = image + (channel * geometry.imagePlane + pixel)
          var target = frame + ((phase + channel) * phasePlane + place)
          for _ in rows {
            copy(source, step: width.stride, to: target, count: columns.count)
            source += height.stride * width.size
            target += self.width
          }
        }
      }
    }
  }

  private func copy(
    _ source: UnsafePointer<Float>, step: Int, to target: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch step {
    case 1: target.update(from: source, count: count)
    case 2: for index in 0..<count { target[index] = source[2 &* index] }
    default: for index in 0..<count { target[index] = source[index &* step] }
    }
  }

  /// Puts a group's channels of a response within their margins, in a frame whose other elements are zero.
  func placeResponse(_ response: UnsafePointer<Float>, into frame: UnsafeMutablePointer<Float>) {
    let (rows, columns) = (geometry.height.count, geometry.width.count)
    for channel in 0..<geometry.groupOutputs {
      for row in 0..<rows {
        (frame + (channel * responsePlane + (top + row) * width + left))
          .update(from: response + (channel * rows + row) * columns, count: columns)
      }
    }
  }

  /// Puts a group's channels of a response side by side, window by window as in a run; what lies between two lines of windows
  /// is left as it is.
  func packResponse(_ response: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    let columns = geometry.width.count
    for row in 0..<geometry.height.count {
      packColumns(
        transposed: true, k: columns, n: geometry.groupOutputs, b: response + row * columns,
        ldb: geometry.windows, to: packed + row * width * packedColumnStep, depth: run)
    }
  }
}

extension WindowAxis {
  /// The lines of a phase that are pixels of the image, and not of the padding.
  fileprivate func lines(ofPhase phase: Int) -> Range<Int> {
    let first = max(0, (before - phase + stride - 1) / stride)
    let end = size - 1 + before < phase ? 0 : (size - 1 + before - phase) / stride + 1
    return first..<max(first, end)
  }

  /// The pixel that a line of a phase is; negative or beyond the last in the padding.
  fileprivate func pixel(_ line: Int, ofPhase phase: Int) -> Int { line * stride + phase - before }
}

/// One phase of an image as the way back computes it: the pixels of some lines and columns, a stride apart.
struct ImagePhase {
  /// The elements of the kernel that lie over pixels of the phase.
  let elements: [(i: Int, j: Int)]

  /// Lines and columns of the phase's plane that are in the image.
  let rows, columns: Range<Int>

  /// For each element, how far back the window lies whose element it is.
  let shifts: [Int]

  /// The place of line 0, column 0 in a channel of the image; the first pixel of the phase lies `rows.lowerBound` lines on.
  private let origin: Int
  private let rowStep: Int

  /// From one pixel of a line to the next.
  let step: Int

  /// All phases of a frame.
  static func all(of frame: ConvolutionFrame) -> [ImagePhase] {
    let (height, width) = (frame.geometry.height, frame.geometry.width)
    return (0..<height.stride).flatMap { down in
      (0..<width.stride).map { ImagePhase(frame, down: down, across: $0) }
    }
  }

  private init(_ frame: ConvolutionFrame, down: Int, across: Int) {
    let (height, width) = (frame.geometry.height, frame.geometry.width)
    elements = (0..<height.kernel).flatMap { i in (0..<width.kernel).map { (i, $0) } }
      .filter { i, j in
        i * height.dilation % height.stride == down && j * width.dilation % width.stride == across
      }
    shifts = elements.map { i, j in
      (i * height.dilation - down) / height.stride * frame.width + (j * width.dilation - across)
        / width.stride
    }
    rows = height.lines(ofPhase: down)
    columns = width.lines(ofPhase: across)
    (rowStep, step) = (height.stride * width.size, width.stride)
    origin = height.pixel(0, ofPhase: down) * width.size + width.pixel(0, ofPhase: across)
  }

  /// The pixel at a line and column, in a channel of the image.
  func pixel(_ row: Int, _ column: Int) -> Int { origin + row * rowStep + column * step }
}
