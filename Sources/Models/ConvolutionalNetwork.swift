import Layers
import Operations
import Tensors

/// The lecture's convolutional network for images: twice a convolution and a pooling, then two fully connected layers.
///
///     let layers = try ConvolutionalNetwork(input: [1, 28, 28], outputs: 10, isRegularized: true).layers(seed: 7)
///
/// | layer | output for `[1, 28, 28]` |
/// |---|---|
/// | `conv1`: 3 × 3 unless `kernel` says otherwise, ReLU | `[32, 28, 28]` |
/// | pooling by 2 | `[32, 14, 14]` |
/// | `conv2`: the same | `[64, 14, 14]` |
/// | pooling by 2 | `[64, 7, 7]` |
/// | `hidden`: ReLU | `[128]` |
/// | `output` | `[10]` |
///
/// Regularized, each convolution is followed by batch normalization before its ReLU, and dropout stands before the fully
/// connected layers. Source: the lecture, sections "Convolutional neural networks" and "Normalization"; LeCun et al.,
/// "Gradient-based learning applied to document recognition", 1998.
public struct ConvolutionalNetwork: Sendable, Hashable, Codable {
  /// The shape of an image: `[channels, height, width]`.
  public var input: Shape

  /// Channels of the two convolutions.
  public var filters: [Int]

  /// The side of the convolutions' kernels.
  public var kernel: Int

  /// Neurons of the fully connected layer before the last.
  public var hidden: Int

  /// Numbers in an answer: classes.
  public var outputs: Int

  /// Whether there are batch normalization and dropout.
  public var isRegularized: Bool

  /// The rate of dropout before each fully connected layer of a regularized network.
  public var dropout: Float

  /// A network of these sizes.
  public init(
    input: Shape, filters: [Int] = [32, 64], kernel: Int = 3, hidden: Int = 128, outputs: Int,
    isRegularized: Bool = false, dropout: Float = 0.25
  ) {
    (self.input, self.filters, self.kernel, self.hidden) = (input, filters, kernel, hidden)
    (self.outputs, self.isRegularized, self.dropout) = (outputs, isRegularized, dropout)
  }

  /// The network's layers, their weights drawn from the seed.
  ///
  /// - Throws: ``ShapeError`` if a size is not positive, or the image too small to be pooled.
  public func layers(seed: UInt64) throws -> Sequential {
    try Sequential(input: input, seed: seed) {
      for (index, outputs) in filters.enumerated() {
        Convolution2D(
          outputs: outputs, kernel: Extent(kernel), padding: .same,
          activation: isRegularized ? .identity : .relu,
          bias: !isRegularized, weightInitializer: .heUniform
        ).named("conv\(index + 1)")
        if isRegularized {
          BatchNorm().named("norm\(index + 1)")
          Activation.relu.named("relu\(index + 1)")
        }
        MaxPool2D(kernel: 2).named("pool\(index + 1)")
      }
      Flatten().named("flatten")
      if isRegularized { Dropout(dropout).named("dropout1") }
      Dense(outputs: hidden, activation: .relu).named("hidden")
      if isRegularized { Dropout(dropout).named("dropout2") }
      Dense(outputs: outputs).named("output")
    }
  }
}
