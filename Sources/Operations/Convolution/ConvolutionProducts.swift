import LinearAlgebra
import Tensors

// The three products of a convolution and of its adjoint, each for all examples and groups:
//
//     response = W * image            forward; in a transposed convolution, the error term of its input
//     image    = Wᵀ * response        the error term of the image; a transposed convolution's forward run
//     ∂W       = response * imageᵀ    the gradient of the weights of both
//
// Goals, in this order: results that do not depend on the number of threads (where the backend's gemm has no part in them on any
// backend, else where its own do not, as those of pure Swift); speed; memory bounded by the weights (four times), the frames of a
// few examples and 2 MiB a thread. Examples and groups are shared among threads.
//
// Convolutions of 3 × 3 between many channels are a ``WinogradConvolution``. Those of small images by the batch are an
// ``InterleavedConvolution``, most others run over their ``ConvolutionFrame``. Those of single pixels, and those of which too
// little of a frame would be windows, are products by the backend's gemm, the latter with a matrix of ``ImageColumns``. The
// gradient of weights between many channels is a ``PerElementWeightGradient``.

extension ConvolutionGeometry {
  /// The response to an image.
  package func convolve(
    _ image: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into response: UnsafeMutablePointer<Float>,
    _ finish: Finish = Finish()
  ) {
    if let winograd { return winograd.convolve(image, weight, into: response, finish) }
    if let interleaved = interleaved(isTransposed: false) {
      return interleaved.convolve(image, weight, into: response, finish)
    }
    if let frame { return frame.convolve(image, weight, into: response, finish) }
    forEachExampleAndGroup { example, group, scratch in
      let image = image + (example * inputs + group * groupInputs) * imagePlane
      let weight = weight + group * groupOutputs * filter
      let response = response + (example * outputs + group * groupOutputs) * windows
      let channels = group * groupOutputs..<(group + 1) * groupOutputs
      let beta = finish.begin(response, channels: channels, plane: windows)
      func product(_ columns: UnsafePointer<Float>, from start: Int, count: Int) {
        BLAS.gemm(
          .none, .none, m: groupOutputs, n: count, k: filter, a: weight, lda: filter, b: columns, ldb: count,
          beta: beta, c: response + start, ldc: windows)
      }
      if isPointwise {
        product(image, from: 0, count: windows)
      } else {
        forEachColumns { columns in
          columns.gather(from: image, into: scratch)
          product(scratch, from: columns.start, count: columns.count)
        }
      }
      finish.end(response, count: groupOutputs * windows)
    }
  }

  /// The image that gathers, pixel by pixel, what every window over it weighs: the adjoint of ``convolve``.
  package func convolveTransposed(
    _ response: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>,
    _ finish: Finish = Finish()
  ) {
    if let winograd { return winograd.convolveTransposed(response, weight, into: image, finish) }
    if let interleaved = interleaved(isTransposed: true) {
      return interleaved.convolveTransposed(response, weight, into: image, finish)
    }
    if let frame, frame.isWorthwhileTransposed {
      return frame.convolveTransposed(response, weight, into: image, finish)
    }
    forEachExampleAndGroup { example, group, scratch in
      let image = image + (example * inputs + group * groupInputs) * imagePlane
      let weight = weight + group * groupOutputs * filter
      let response = response + (example * outputs + group * groupOutputs) * windows
      let channels = group * groupInputs..<(group + 1) * groupInputs
      let beta = finish.begin(image, channels: channels, plane: imagePlane)
      func product(from start: Int, count: Int, beta: Float, into columns: UnsafeMutablePointer<Float>) {
        BLAS.gemm(
          .transposed, .none, m: filter, n: count, k: groupOutputs, a: weight, lda: filter,
          b: response + start, ldb: windows, beta: beta, c: columns, ldc: count)
      }
      if isPointwise {
        product(from: 0, count: windows, beta: beta, into: image)
      } else {
        if beta == 0 { image.update(repeating: 0, count: groupInputs * imagePlane) }
        forEachColumns { columns in
          product(from: columns.start, count: columns.count, beta: 0, into: scratch)
          columns.scatter(scratch, to: image)
        }
      }
      finish.end(image, count: groupInputs * imagePlane)
    }
  }

  /// The gradient of the weights, summed over the examples: each part of the batch by itself, and then the parts, whose
  /// number depends on the shapes alone.
  package func weightGradient(
    image: UnsafePointer<Float>, response: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>,
    beta: Float
  ) {
    if let winograd {
      return winograd.weightGradient(image: image, response: response, into: gradient, beta: beta)
    }
    let perElement = PerElementWeightGradient(self)
    if !isPointwise, perElement.isWorthwhile {
      return perElement.run(image: image, response: response, into: gradient, beta: beta)
    }
    let (count, parts) = (weightShape.count, partsOfBatch)
    guard parts > 1 else {
      return weightGradients(image, response, parts: 1, into: gradient, beta: beta)
    }
    withScratch(parts * count) { sums in
      weightGradients(image, response, parts: parts, into: sums, beta: 0)
      if beta == 0 { gradient.update(repeating: 0, count: count) }
      for part in 0..<parts {
        let sum = sums + part * count
        for index in 0..<count { gradient[index] += sum[index] }
      }
    }
  }

  private func weightGradients(
    _ image: UnsafePointer<Float>, _ response: UnsafePointer<Float>, parts: Int,
    into gradients: UnsafeMutablePointer<Float>, beta: Float
  ) {
    let framed = frame.map(FramedWeightGradient.init)
    share(parts * groups, workOfEach: Double(batch) / Double(parts) * workOfGroup) { items in
      withScratch(isPointwise || framed != nil ? 0 : columnElements) { scratch in
        for item in items {
          let (part, group) = item.quotientAndRemainder(dividingBy: groups)
          let gradient = gradients + part * weightShape.count + group * groupOutputs * filter
          if beta == 0 { gradient.update(repeating: 0, count: groupOutputs * filter) }
          if let framed {
            framed.add(
              image: image, response: response, examples: part * batch / parts..<(part + 1) * batch / parts,
              group: group, to: gradient)
            continue
          }
          func product(
            _ response: UnsafePointer<Float>, _ columns: UnsafePointer<Float>, from start: Int, count: Int
          ) {
            BLAS.gemm(
              .none, .transposed, m: groupOutputs, n: filter, k: count, a: response + start, lda: windows,
              b: columns, ldb: count, beta: 1, c: gradient, ldc: filter)
          }
          for example in part * batch / parts..<(part + 1) * batch / parts {
            let image = image + (example * inputs + group * groupInputs) * imagePlane
            let response = response + (example * outputs + group * groupOutputs) * windows
            if isPointwise {
              product(response, image, from: 0, count: windows)
            } else {
              forEachColumns { columns in
                columns.gather(from: image, into: scratch)
                product(response, scratch, from: columns.start, count: columns.count)
              }
            }
          }
        }
      }
    }
  }

  /// The convolution by a quarter of the multiplications; `nil` where that is not possible or saves no time.
  package var winograd: WinogradConvolution? {
    guard let winograd = WinogradConvolution(self) else { return nil }
    return winograd.isWorthwhile ? winograd : nil
  }

  /// The frame in which the products need no matrix of columns; `nil` where the image is its own matrix, too little of the
  /// frame is windows, or there is no example, whose sizes alone may be anything.
  private var frame: ConvolutionFrame? {
    guard !isPointwise else { return nil }
    let frame = ConvolutionFrame(self)
    return frame.isWorthwhile && batch > 0 ? frame : nil
  }

  /// The convolution, or its adjoint, by a vector of examples at a time; `nil` where that saves no time.
  package func interleaved(isTransposed: Bool) -> InterleavedConvolution? {
    guard !isPointwise, batch > 0 else { return nil }
    let frame = frame.flatMap { !isTransposed || $0.isWorthwhileTransposed ? $0 : nil }
    let interleaved = InterleavedConvolution(self)
    return interleaved.isWorthwhile(insteadOf: frame, isTransposed: isTransposed) ? interleaved : nil
  }

  /// Into how many parts the examples are cut for the gradient of the weights, whatever the number of threads.
  var partsOfBatch: Int { max(1, min(batch, 8, (1 << 22) / weightShape.count)) }

  /// Multiply-adds for one example and group.
  var workOfGroup: Double { Double(groupOutputs) * Double(filter) * Double(windows) }

  private func forEachExampleAndGroup(
    _ body: (_ example: Int, _ group: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    share(batch * groups, workOfEach: workOfGroup) { items in
      withScratch(isPointwise ? 0 : columnElements) { scratch in
        for item in items { body(item / groups, item % groups, scratch) }
      }
    }
  }
}

/// The sum of each channel over all examples, added to or written over `sums`: the gradient of a bias.
func sumChannels(
  of values: UnsafePointer<Float>, batch: Int, channels: Int, plane: Int,
  into sums: UnsafeMutableBufferPointer<Float>, beta: Float
) {
  Threads.parallel(overRows: channels, of: batch * plane) { range in
    if beta == 0 { for channel in range { sums[channel] = 0 } }
    // In the order in which the channels lie in memory.
    for example in 0..<batch {
      for channel in range {
        let start = values + (example * channels + channel) * plane
        sums[channel] += Elementary.sum(UnsafeBufferPointer(start: start, count: plane))
      }
    }
  }
}

/// Calls `body` with the address of a tensor's first element, or with `nil` where there is no tensor.
func withUnsafePointer<Result>(
  of tensor: Tensor?, _ body: (UnsafePointer<Float>?) throws -> Result
) rethrows -> Result {
  guard let tensor else { return try body(nil) }
  return try tensor.withUnsafePointer { try body($0) }
}
