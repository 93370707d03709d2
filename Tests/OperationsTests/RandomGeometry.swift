import Operations
import Tensors

extension ConvolutionGeometry {
  /// A random geometry whose kernel fits, half of them given by their image and half by their response, with lines of up to 7
  /// windows or pixels on one axis or two.
  ///
  /// - Parameters:
  ///   - inputs: Of a group, as are `outputs`.
  ///   - margins: On each side, unless the padding is `same`, as it is in a fourth of them.
  ///   - kernel: Its elements along an axis, as are the stride and the dilation.
  static func random(
    examples: ClosedRange<Int>, groups: ClosedRange<Int>, inputs: ClosedRange<Int>,
    outputs: ClosedRange<Int>, margins: ClosedRange<Int>, kernel: ClosedRange<Int>,
    stride: ClosedRange<Int> = 1...3, dilation: ClosedRange<Int>, _ random: inout RandomSource
  ) -> ConvolutionGeometry {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func extent(_ range: ClosedRange<Int>) -> Extent { Extent(height: number(range), width: number(range)) }
    while true {
      let (groups, isImage) = (number(groups), number(0...1) == 0)
      let (inputs, outputs) = (groups * number(inputs), groups * number(outputs))
      let sides = Margins(
        top: number(margins), bottom: number(margins), left: number(margins), right: number(margins))
      let padding = number(0...3) == 0 ? Padding.same : .margins(sides)
      let shape = Shape(
        [number(examples), isImage ? inputs : outputs] + (1...number(1...2)).map { _ in number(1...7) })
      let (kernel, stride, dilation) = (extent(kernel), extent(stride), extent(dilation))
      let geometry =
        isImage
        ? try? ConvolutionGeometry(
          image: shape, outputs: outputs, kernel: kernel, stride: stride, padding: padding,
          dilation: dilation, groups: groups)
        : try? ConvolutionGeometry(
          transposing: shape, inputs: inputs, kernel: kernel, stride: stride, padding: padding,
          dilation: dilation, groups: groups)
      if let geometry { return geometry }
    }
  }
}
