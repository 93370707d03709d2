import SwiftBLAS
import Tensors

/// How an image and its response lie within margins so that a convolution is a product without a matrix of columns.
///
/// With a stride s, pixel r (counted from the padding's first) is line r / s of phase r mod s. In the plane of a phase, which
/// has the padding as its margin, element k of window o is line o + (k · dilation) / s: one step from the same element of the
/// next window. The pixels under one element of the kernel, window after window, are therefore a run of a plane, and all
/// that a product needs to know of it is where it begins. Lines are longer than there are windows; what is computed
/// beyond the last window of a line is left out afterwards. There are planes of the phases that elements of the kernel lie
/// in, and of the pixels in them those under some window.
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
    top = height.line(ofElement: height.kernel - 1)
    left = width.line(ofElement: width.kernel - 1)
    self.width = width.count + left
    imageRows = height.count + top
    responseRows = top + imageRows
  }

  /// From the first window to the last, in elements of a line after the other.
  var run: Int { (geometry.height.count - 1) * width + geometry.width.count }

  /// Whether little enough lies between the windows of one line and those of the next, every line of a phase is under a
  /// window, and the planes take no more than a few times the memory of what they are made for.
  ///
  /// In Double, since the sizes of a frame that is not worthwhile may be beyond an Int.
  var isWorthwhile: Bool {
    let (height, width) = (geometry.height, geometry.width)
    let (windows, line) = (Double(geometry.windows), Double(self.width))
    let kernel = Double(height.kernel * width.kernel)
    return height.windowsMeet && width.windowsMeet
      && Double(height.count - 1) * line + Double(width.count) <= 2 * windows
      && Double(height.phases * width.phases) * Double(imageRows) * line
        <= 8 * (Double(geometry.imagePlane) + kernel + windows)
      && Double(responseRows) * line <= 8 * (kernel + windows)
  }

  /// Whether the way back, which computes whole lines of an image's phases, does so for not many more products than the
  /// windows have.
  var isWorthwhileTransposed: Bool {
    let height = geometry.height
    let lines = (0..<height.phases).reduce(0.0) {
      $0 + Double(height.lines(ofPhase: $1).count) * Double(height.elementCount(ofPhase: $1))
    }
    return lines * Double(width) <= 3 * Double(geometry.windows) * Double(height.kernel)
  }

  /// Terms of the sums that a channel of the response, or of the image, is computed from, those beyond a line's end and up to a
  /// whole vector as well.
  var terms: Int { filledUp(run) * geometry.height.kernel * geometry.width.kernel }
  var transposedTerms: Int {
    ImagePhase.all(of: self).reduce(0) { $0 + filledUp($1.rows.count * width) * $1.elements.count }
  }

  private func filledUp(_ columns: Int) -> Int {
    (columns + scatteredColumnStep - 1) / scatteredColumnStep * scatteredColumnStep
  }

  /// What may be read beyond the end of a run.
  private var slack: Int { scatteredColumnStep }

  /// Elements of a channel in one phase.
  private var phasePlane: Int { imageRows * width }

  /// Elements of a channel of the response within its margin and what a run, which begins `left` elements into a line, may
  /// be read beyond the last one: zeros.
  var responsePlane: Int { responseRows * width + left + slack }

  /// Elements of a group's image in phases.
  var imageElements: Int {
    geometry.height.phases * geometry.width.phases * geometry.groupInputs * phasePlane + slack
  }

  /// Elements of a group's response within its margins.
  var responseElements: Int { geometry.groupOutputs * responsePlane + slack }

  /// Where the run of each weight's pixels begins, in the order of a filter's weights.
  var imageOffsets: [Int] {
    let (height, width) = (geometry.height, geometry.width)
    let phase = geometry.groupInputs * phasePlane
    let (down, across) = (height.phases, width.phases)
    let rows = (0..<height.kernel).map {
      $0 % down * across * phase + height.line(ofElement: $0) * self.width
    }
    let columns = (0..<width.kernel).map { $0 % across * phase + width.line(ofElement: $0) }
    var offsets: [Int] = []
    offsets.reserveCapacity(geometry.filter)
    for channel in 0..<geometry.groupInputs {
      for row in rows {
        for column in columns { offsets.append(channel * phasePlane + row + column) }
      }
    }
    return offsets
  }

  /// The first window of the response's first channel within its margin.
  var firstWindow: Int { top * width + left }
}

extension ConvolutionFrame {
  /// Puts a group's channels into their phases, in a frame whose other elements are zero. Pixels under no window stay out:
  /// what a run has between two lines of windows is multiplied too, by zeros, and such a pixel may be no number.
  func placeImage(
    _ image: UnsafePointer<Float>, _ phases: [ImagePhase], into frame: UnsafeMutablePointer<Float>
  ) {
    for (number, phase) in phases.enumerated() where !phase.rows.isEmpty && !phase.columns.isEmpty {
      let (row, column) = (phase.rows.lowerBound, phase.columns.lowerBound)
      let (pixel, place) = (phase.pixel(row, column), row * width + column)
      let (step, lineStep, columns) = (phase.step, phase.lineStep, phase.columns.count)
      for channel in 0..<geometry.groupInputs {
        var source = image + (channel * geometry.imagePlane + pixel)
        var target = frame + ((number * geometry.groupInputs + channel) * phasePlane + place)
        for _ in 0..<phase.rows.count {
          copy(source, step: step, to: target, count: columns)
          source += lineStep
          target += width
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
