import Operations
import Tensors

/// A transposed convolution of sequences.
///
///     output = activation(bias + Σ over windows that contain the place of weight · input)
///
/// | value | shape |
/// |---|---|
/// | `input` | `[batch, inputs, length]` |
/// | `weight` | `[inputs, outputs / groups, kernel]` |
/// | `bias` | `[outputs]` |
/// | output | `[batch, outputs, length′]` |
///
/// with length′ = (length − 1) · stride − padding + (kernel − 1) · dilation + output padding + 1, or length · stride with
/// padding `same`.
///
/// See ``transposedConvolution(_:weight:bias:stride:padding:outputPadding:dilation:groups:activation:)``.
/// Source: Zeiler et al., CVPR 2010.
///
/// - Throws: when called, ``ShapeError`` if `input` has another shape, the padding leaves no element of the output, or the
///   output padding is not less than the stride or the dilation.
/// - Complexity: one matrix product of pixels and filters forward, two backward.
public struct TransposedConvolution1D: WeightedLayer, Codable {
  var filters: Filters

  /// A layer that gets its weights when it learns the number of its input's channels: from a ``Sequential``, or from
  /// ``Layer/initialized(for:seed:)``.
  ///
  /// Biases begin at zero.
  ///
  /// - Parameters:
  ///   - outputs: channels of the output, each with a filter.
  ///   - kernel: the size of a filter.
  ///   - stride: the step from one window to the next.
  ///   - padding: zeros around the output, which are cut off.
  ///   - outputPadding: elements after the output's last that no window reaches, for sizes that a convolution of
  ///     stride > 1 could not tell apart.
  ///   - dilation: the step from one element of a window to the next.
  ///   - groups: parts that the channels are cut into, each with filters of its own.
  ///   - activation: the activation function.
  ///   - bias: whether there are biases.
  ///   - weightInitializer: how the weights begin; by default Glorot's, for ReLU He's.
  public init(
    outputs: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1,
    activation: Activation = .identity, bias: Bool = true, weightInitializer: Initializer? = nil
  ) {
    filters = Filters(
      layer: "TransposedConvolution1D", axes: 1, outputs: outputs, kernel: Extent(length: kernel),
      stride: Extent(length: stride), padding: padding, outputPadding: Extent(length: outputPadding),
      dilation: Extent(length: dilation), groups: groups, activation: activation, hasBias: bias,
      weightInitializer: weightInitializer)
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    filters = try decoder.container(keyedBy: CodingKeys.self).decode(Filters.self, forKey: .filters)
      .ofSameLayer(as: Self(outputs: 1, kernel: 1).filters)
  }

  /// The second: the first is that of the inputs.
  public static var outputAxis: Int { 1 }

  /// The number of channels of the output.
  public var outputs: Int { filters.outputs }

  /// The filters; `nil` until the number of inputs is known.
  ///
  /// One of another shape than before makes the next call throw.
  public var weight: Tensor? {
    get { filters.weight }
    set { filters.weight = newValue }
  }

  /// One element a channel of the output; `nil` in a layer without bias.
  public var bias: Tensor? { filters.bias }

  public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { try filters(input) }

  public func outputShape(for input: Shape) throws -> Shape { try filters.outputShape(for: input) }

  public mutating func initialize(for input: Shape, using random: inout RandomSource) throws {
    try filters.initialize(for: input, using: &random)
  }

  public mutating func visit(_ visitor: inout ModuleVisitor) { filters.visit(&visitor) }

  public var description: String { filters.description }
}
