import LinearAlgebra
import Tensors

/// Work below which a second thread costs more than it saves.
private let worthThread: Double = 500_000

/// Cuts `0..<count` among threads, each of which computes on the calling task's backend.
///
/// - Parameter workOfEach: elementary steps, such as multiplications and additions.
func share(_ count: Int, workOfEach: Double, _ body: (Range<Int>) -> Void) {
  let backend = BLAS.backend
  let least = Int((worthThread / max(1, workOfEach)).rounded(.up))
  Threads.parallel(over: count, least: least) { range in
    BLAS.$backend.withValue(backend) { body(range) }
  }
}

/// Calls `body` with memory of the pool for as long as it runs, uninitialized.
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  _ = Tensor(shape: [max(1, count)]) { elements in
    if let start = elements.baseAddress { body(start) }
  }
}

/// The sum of each channel over all examples, added to or written over `sums`: the gradient of a bias.
func sumChannels(
  of values: UnsafePointer<Float>, batch: Int, channels: Int, plane: Int,
  into sums: UnsafeMutableBufferPointer<Float>, beta: Float
) {
  share(channels, workOfEach: Double(batch) * Double(plane)) { range in
    for channel in range {
      var sum: Float = beta == 0 ? 0 : sums[channel]
      for example in 0..<batch {
        let start = values + (example * channels + channel) * plane
        sum += Elementary.sum(UnsafeBufferPointer(start: start, count: plane))
      }
      sums[channel] = sum
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
