import Operations
import Tensors

/// What the layers of convolutions are made of: filters, and how they move.
struct Filters: Sendable, Codable, CustomStringConvertible {
  private enum CodingKeys: CodingKey {
    case layer, axes, outputs, kernel, stride, padding, outputPadding, dilation, groups, activation, hasBias
    case weightInitializer
  }

  /// The layer's name in errors.
  let layer: String
  /// 1 for sequences, 2 for images.
  let axes: Int
  let outputs: Int
  let kernel: Extent
  let stride: Extent
  let padding: Padding
  /// `nil` for a convolution that is not transposed.
  let outputPadding: Extent?
  let dilation: Extent
  let groups: Int
  let activation: Activation
  let hasBias: Bool
  let weightInitializer: Initializer?

  var weight: Tensor?
  var bias: Tensor?

  private var isTransposed: Bool { outputPadding != nil }

  /// These filters, if they are of the same layer as others: a file may say anything.
  ///
  /// - Throws: `DecodingError` if they are not.
  func ofSameLayer(as own: Filters) throws -> Filters {
    guard (layer, axes, isTransposed) == (own.layer, own.axes, own.isTransposed) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "filters of a \(layer) in a \(own.layer)"))
    }
    return self
  }

  /// The channels of the input, where they are known.
  private var inputs: Int? {
    guard let weight, weight.shape.rank == axes + 2 else { return nil }
    if isTransposed { return weight.shape[0] }
    let (inputs, overflow) = weight.shape[1].multipliedReportingOverflow(by: groups)
    return overflow ? nil : inputs
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    try response(to: input, bias: bias, activation: activation)
  }

  /// The output, and its derivative along a tangent of the input's shape.
  func callAsFunction(_ input: Tensor, along tangent: Tensor) throws -> (output: Tensor, tangent: Tensor) {
    guard tangent.shape == input.shape else {
      throw ShapeError(self, expected: "a tangent \(input.shape)", got: tangent.shape)
    }
    let sums = try response(to: input, bias: bias, activation: .identity)
    let slopes = try response(to: tangent, bias: nil, activation: .identity)
    return try (
      activate(sums, activation), activationDerivative(activation, at: sums, along: slopes)
    )
  }

  private func response(to input: Tensor, bias: Tensor?, activation: Activation) throws -> Tensor {
    guard let weight else {
      throw ShapeError(self, expected: "to be initialized before it is called", got: input.shape)
    }
    guard input.shape.rank == axes + 2, inputs == nil || inputs == input.shape[1] else {
      throw ShapeError(self, expected: "[batch, \(axesText)]", got: input.shape)
    }
    let expected = try geometry(for: input.shape).weightShape
    guard weight.shape == expected else {
      throw ShapeError(self, expected: "a weight \(expected)", got: weight.shape)
    }
    return try reportingErrors(as: self) {
      if let outputPadding {
        try transposedConvolution(
          input, weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
          dilation: dilation, groups: groups, activation: activation)
      } else {
        try convolution(
          input, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
          groups: groups, activation: activation)
      }
    }
  }

  func outputShape(for input: Shape) throws -> Shape {
    let geometry = try geometry(forExample: input)
    return (isTransposed ? geometry.imageShape : geometry.responseShape).droppingFirst
  }

  mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    let geometry = try geometry(forExample: input)
    guard weight == nil else { return }
    let shape = geometry.weightShape
    guard WeightLimit.allows(shape.count) else {
      throw ShapeError(self, expected: "at most \(WeightLimit.most) weights", got: shape)
    }
    let initializer = weightInitializer ?? (activation == .relu ? .heUniform : .glorotUniform)
    switch initializer {
    case .heUniform where isTransposed, .heNormal where isTransposed:
      // What counts is how many weights a neuron of the output sees, whatever the layout.
      let drawn = Shape([outputs, geometry.outputs / groups] + shape.array[2...])
      weight = try initializer(drawn, using: &random).reshaped(to: shape)
    default:
      weight = try initializer(shape, using: &random)
    }
    if hasBias { bias = .zeros([outputs]) }
  }

  mutating func visit(_ visitor: inout ModuleVisitor) {
    visitor.visit(&weight, named: "weight")
    visitor.visit(&bias, named: "bias")
  }

  private func geometry(forExample input: Shape) throws -> ConvolutionGeometry {
    guard input.rank == axes + 1, inputs == nil || inputs == input[0] else {
      throw ShapeError(self, expected: "[\(axesText)] for an example", got: input)
    }
    return try geometry(for: input.prepending(1))
  }

  private func geometry(for batch: Shape) throws -> ConvolutionGeometry {
    try reportingErrors(as: self) {
      if let outputPadding {
        try ConvolutionGeometry(
          transposing: batch, inputs: outputs, kernel: kernel, stride: stride, padding: padding,
          outputPadding: outputPadding, dilation: dilation, groups: groups)
      } else {
        try ConvolutionGeometry(
          image: batch, outputs: outputs, kernel: kernel, stride: stride, padding: padding,
          dilation: dilation, groups: groups)
      }
    }
  }

  private var axesText: String {
    (inputs.map(String.init) ?? "channels") + (axes == 2 ? ", height, width" : ", length")
  }

  var description: String {
    var parts = [(inputs.map { "\($0) " } ?? "") + "→ \(outputs)", "kernel: \(kernel.text(axes))"]
    if stride != 1 { parts.append("stride: \(stride.text(axes))") }
    if padding != .valid { parts.append("padding: \(padding.text(axes))") }
    if let extra = outputPadding?.text(axes), extra != "0" { parts.append("outputPadding: \(extra)") }
    if dilation != 1 { parts.append("dilation: \(dilation.text(axes))") }
    if groups != 1 { parts.append("groups: \(groups)") }
    if activation != .identity { parts.append("\(activation)") }
    if !hasBias { parts.append("no bias") }
    return "\(layer)(\(parts.joined(separator: ", ")))"
  }
}
