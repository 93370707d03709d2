import LinearAlgebra
import Tensors

/// Work below which a second thread costs more than it saves.
private let worthThread: Double = 500_000

/// Cuts `0..<count` among threads.
///
/// - Parameter workOfEach: elementary steps, such as multiplications and additions.
func share(_ count: Int, workOfEach: Double, _ body: (Range<Int>) -> Void) {
  let least = Int((worthThread / max(1, workOfEach)).rounded(.up))
  Threads.parallel(over: count, least: least, body)
}

/// Calls `body` with memory of the pool for as long as it runs, uninitialized.
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  _ = Tensor(shape: [max(1, count)]) { elements in
    if let start = elements.baseAddress { body(start) }
  }
}
