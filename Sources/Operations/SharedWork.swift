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

/// Cuts `0..<count` into a part for each thread, which then has all that `body` does to itself: no thread waits for another
/// before its part is done, and what one step leaves is in its cache for the next.
///
/// Where there are fewer than `least` for each thread, or other work has the threads, one part has all, and the threads share
/// what `body` shares.
func forEachPart(of count: Int, least: Int, _ body: (Range<Int>) -> Void) {
  let parts = Threads.available
  guard count >= parts * least else { return body(0..<count) }
  let areShared = Threads.share(parts) { part in
    Threads.$limit.withValue(1) { body(part * count / parts..<(part + 1) * count / parts) }
  }
  if !areShared { body(0..<count) }
}

/// Calls `body` with memory of the pool for as long as it runs, uninitialized.
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  _ = Tensor(shape: [max(1, count)]) { elements in
    if let start = elements.baseAddress { body(start) }
  }
}
