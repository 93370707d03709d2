// Pixels of an image that no window covers, as where a stride is longer than the kernel or does not end with the image. The
// way back does not compute them with a frame's phases.

extension ConvolutionFrame {
  /// Whether each pixel of the image is under a window.
  var coversImage: Bool {
    geometry.height.covered == geometry.height.size && geometry.width.covered == geometry.width.size
  }
}

extension Finish {
  /// Prepares all pixels of an image for sums to be added to some of them.
  ///
  /// - Returns: What is left to do with the sums.
  func begun(_ image: UnsafeMutablePointer<Float>, _ geometry: ConvolutionGeometry) -> Finish {
    let (channels, plane) = (geometry.inputs, geometry.imagePlane)
    share(geometry.batch, workOfEach: Double(channels * plane)) { examples in
      for example in examples {
        let image = image + example * channels * plane
        if begin(image, channels: 0..<channels, plane: plane) == 0 {
          image.update(repeating: 0, count: channels * plane)
        }
      }
    }
    return Finish(activation: activation, beta: 1)
  }
}
