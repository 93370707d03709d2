import NeuralNetworks

extension NetworkStep {
  /// The family cnn: 3 × 3 convolutions that keep the image's size, with ReLU (after batch normalization if `norm`), 2 × 2
  /// max pooling after every second one (after every one where there are two or fewer), a dense layer to ten classes.
  static func convolutional(_ workload: Workload) throws -> NetworkStep {
    try workload.check(keys: ["size", "channels", "convs", "batch", "norm", "opt", "infer"])
    let (size, channels) = (try workload.number("size"), try workload.number("channels"))
    let widths = try workload.numbers("convs")
    let isNormalized = workload.flag("norm")
    let every = widths.count <= 2 ? 1 : 2
    let model = try Sequential(input: [channels, size, size], seed: 0) {
      for (index, width) in widths.enumerated() {
        Convolution2D(
          outputs: width, kernel: 3, padding: .same, activation: isNormalized ? .identity : .relu)
        if isNormalized {
          BatchNorm()
          Activation.relu
        }
        if (index + 1) % every == 0 { MaxPool2D(kernel: 2) }
      }
      Flatten()
      Dense(outputs: 10)
    }
    return try classification(of: [channels, size, size], into: 10, workload, by: model) {
      try $0($1, in: $2)
    }
  }
}
