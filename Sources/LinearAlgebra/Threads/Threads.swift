import Dispatch
import Foundation
import Synchronization

#if OpenBLAS
  import COpenBLAS
#endif

/// The one owner of threads: how many a product may use, for both backends.
///
/// OpenBLAS threads a large product by itself, with the number set here; the pure-Swift backend shares a large product
/// among as many. Neither uses a thread of its own for a small one. OpenBLAS's setting is process-wide, and so is this
/// one: a server that answers many requests at once sets it to 1 and lets each request have a thread.
public enum Threads {
  /// The number of threads a product may use, at least 1; as many as there are active processors unless set here or
  /// by the environment variable `NEURAL_THREADS`.
  public static var count: Int {
    get { current.load(ordering: .relaxed) }
    set {
      let count = max(1, newValue)
      current.store(count, ordering: .relaxed)
      #if OpenBLAS
        openblas_set_num_threads(Int32(clamping: count))
      #endif
    }
  }

  private static let current: Atomic<Int> = {
    let environment = ProcessInfo.processInfo.environment["NEURAL_THREADS"].flatMap(Int.init)
    let count = environment.map { max(1, $0) } ?? ProcessInfo.processInfo.activeProcessorCount
    #if OpenBLAS
      openblas_set_num_threads(Int32(clamping: count))
    #endif
    return Atomic(count)
  }()

  /// Runs `body` for each part of `0..<count`, the parts at the same time, and returns when all are done.
  ///
  /// The parts must not write to the same memory. `body` need not be `Sendable`, since it does not outlive this call and
  /// mostly captures pointers: the compiler cannot see that, so this is the one place that says so.
  package static func parallel(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1 else { return (0..<count).forEach(body) }
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: count) { body($0) }
    }
  }
}
