/// One phase of an image, the pixels of some lines and columns a stride apart: as a frame holds it, and as the way back
/// computes it.
struct ImagePhase {
  /// The elements of the kernel that lie over pixels of the phase.
  let elements: [(i: Int, j: Int)]

  /// Lines and columns of the phase's plane that are in the image and under a window.
  let rows, columns: Range<Int>

  /// For each element, how far back the window lies whose element it is.
  let shifts: [Int]

  /// From one pixel of a line to the next.
  let step: Int

  /// The row and the column that line 0 and column 0 would be, and what makes a place in a channel of the image of them.
  private let top, left, rowStep, size: Int

  /// From one line to the next.
  var lineStep: Int { rowStep * size }

  /// All phases of a frame, in their order there.
  static func all(of frame: ConvolutionFrame) -> [ImagePhase] {
    let (height, width) = (frame.geometry.height, frame.geometry.width)
    return (0..<height.phases).flatMap { down in
      (0..<width.phases).map { ImagePhase(frame, down: down, across: $0) }
    }
  }

  private init(_ frame: ConvolutionFrame, down: Int, across: Int) {
    let (height, width) = (frame.geometry.height, frame.geometry.width)
    elements = height.elements(ofPhase: down).flatMap { i in
      width.elements(ofPhase: across).map { (i, $0) }
    }
    shifts = elements.map { i, j in
      height.line(ofElement: i) * frame.width + width.line(ofElement: j)
    }
    rows = height.lines(ofPhase: down)
    columns = width.lines(ofPhase: across)
    (top, left) = (height.pixel(0, ofPhase: down), width.pixel(0, ofPhase: across))
    (rowStep, step, size) = (height.stride, width.stride, width.size)
  }

  /// The pixel at a line and column, in a channel of the image.
  func pixel(_ row: Int, _ column: Int) -> Int { (top + row * rowStep) * size + left + column * step }
}
