/// The phases of an axis: pixel p, counted from the padding's first, is line p / stride of phase p mod stride.
///
/// Only phases that elements of the kernel lie in have a number. The elements of one are as far from each other as the
/// number of phases.
extension WindowAxis {
  /// The phases that elements of the kernel lie in; element k in that of number k mod phases.
  var phases: Int { min(kernel, stride / commonStep) }

  /// The elements of the kernel that lie in a phase.
  func elements(ofPhase number: Int) -> StrideTo<Int> {
    Swift.stride(from: number, to: kernel, by: phases)
  }

  /// The number of them.
  func elementCount(ofPhase number: Int) -> Int { (kernel - 1 - number) / phases + 1 }

  /// The line of an element of window 0; of window o it lies o lines on.
  func line(ofElement index: Int) -> Int { index * dilation / stride }

  /// The lines of a phase that are pixels of the image, not of the padding, and lie under a window.
  ///
  /// - Precondition: ``windowsMeet``.
  func lines(ofPhase number: Int) -> Range<Int> {
    let last = number + (elementCount(ofPhase: number) - 1) * phases
    let place = before - offset(ofPhase: number)
    let start = max(line(ofElement: number), (place + stride - 1) / stride)
    let end = min(line(ofElement: last) + count, (size - 1 + place + stride) / stride)
    return start..<max(start, end)
  }

  /// The pixel that a line of a phase is; negative or beyond the last in the padding.
  func pixel(_ line: Int, ofPhase number: Int) -> Int { line * stride + offset(ofPhase: number) - before }

  /// Whether the windows of one element of the kernel reach to those of the next in its phase, so that no line between
  /// the first and the last under a window is under none.
  var windowsMeet: Bool { kernel <= phases || dilation / commonStep <= count }

  /// The pixels under some window.
  ///
  /// - Precondition: ``windowsMeet``.
  var covered: Int { (0..<phases).reduce(0) { $0 + lines(ofPhase: $1).count } }

  /// The first pixel of a phase, counted from the padding's first.
  private func offset(ofPhase number: Int) -> Int { number * dilation % stride }

  /// The greatest common divisor of the stride and the dilation.
  private var commonStep: Int {
    var (divisor, rest) = (stride, dilation)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return divisor
  }
}
