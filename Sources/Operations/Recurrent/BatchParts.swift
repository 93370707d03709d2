import LinearAlgebra

// How threads share the examples of a batch of sequences.

/// The least examples that the products of a thread's steps are worth its while for.
private let leastExamples = 8

/// Calls `body` for parts of a batch, each of which runs through all steps by itself: no thread waits for another between two
/// steps, and what an example's step leaves is in the cache of the thread that takes the next.
///
/// Where there are too few examples for that, other work has the threads, or `isPossible` is false, one part has all, and the
/// threads that there are share each step.
func forEachPart(ofBatch batch: Int, if isPossible: Bool, _ body: (_ examples: Range<Int>) -> Void) {
  guard isPossible else { return body(0..<batch) }
  forEachPart(of: batch, least: leastExamples, body)
}

/// Calls `body` for each of some examples, on several threads where a step of `width` elements an example is long enough.
@inline(__always)
func forEachExample(_ examples: Range<Int>, _ width: Int, _ body: (Int) -> Void) {
  Threads.parallel(over: examples.count, least: max(1, 16_384 / width)) { part in
    for index in part { body(examples.lowerBound + index) }
  }
}
