import Dispatch
import Foundation
import Synchronization

/// Worker threads that share the parts of one job at a time with the thread that brings it.
///
/// Between jobs a worker spins for a moment, since the next product of a training step is near, and then parks. A job is
/// published in one word, its number above the parts that are left: a thread takes a part by counting the word down,
/// which fails if the job has changed in between. Whoever takes a part of a job keeps that job from ending, so that what
/// belongs to the job is read only after a part of it was taken.
final class ThreadPool: Sendable {
  /// Rounds of spinning before a worker parks, half a millisecond: longer than a thread works by itself between the products of
  /// a step, after which to wake a parked one would take 20 µs. Each gives the processor to whoever else is ready.
  private static let patience = 2000

  /// The job's number in the upper half, the parts nobody has taken yet in the lower.
  private let word = Atomic<UInt64>(0)

  /// Parts that are done.
  private let done = Atomic<Int>(0)

  /// Parts of the job, set before the job is published.
  private let parts = Atomic<Int>(0)

  /// The job at hand. Unsafe to the compiler's eye: it is written only by the one that holds `isBusy`, before a job is
  /// published and after its last part is done, and read only between.
  nonisolated(unsafe) private var body: ((Int) -> Void)?

  private let isBusy = Atomic<Bool>(false)
  private let workers = Atomic<Int>(0)
  private let parked = Atomic<Int>(0)
  private let wake = DispatchSemaphore(value: 0)

  /// Runs `body` for each of the parts `0..<count`, on up to `threads` threads, and returns when all are done.
  ///
  /// - Returns: whether it ran; not where the pool has a job already, be it another task's or, nested, this thread's own.
  func run(_ count: Int, threads: Int, _ body: (Int) -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return false
    }
    startWorkers(threads - 1)
    withoutActuallyEscaping(body) { body in
      self.body = body
      parts.store(count, ordering: .relaxed)
      done.store(0, ordering: .relaxed)
      let number = (word.load(ordering: .relaxed) >> 32) &+ 1
      word.store(number << 32 | UInt64(count), ordering: .sequentiallyConsistent)
      for _ in 0..<parked.exchange(0, ordering: .sequentiallyConsistent) { wake.signal() }
      while takePart() {}
      while done.load(ordering: .acquiring) < count { sched_yield() }
      self.body = nil
    }
    isBusy.store(false, ordering: .releasing)
    return true
  }

  /// Takes a part of the job and runs it; whether there was one.
  private func takePart() -> Bool {
    var seen = word.load(ordering: .acquiring)
    while true {
      let left = seen & 0xFFFF_FFFF
      guard left > 0 else { return false }
      let (taken, now) = word.weakCompareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      guard taken else {
        seen = now
        continue
      }
      runPart(parts.load(ordering: .relaxed) - Int(left))
      done.add(1, ordering: .releasing)
      return true
    }
  }

  /// A function of its own, so that nothing refers to `body` any more when it returns and the part counts as done.
  @inline(never)
  private func runPart(_ part: Int) { body?(part) }

  private func startWorkers(_ wanted: Int) {
    while workers.load(ordering: .relaxed) < wanted {
      workers.add(1, ordering: .relaxed)
      let thread = Thread { self.work() }
      thread.name = "neural-worker"
      thread.start()
    }
  }

  private func work() {
    while true {
      var patience = Self.patience
      while patience > 0 {
        if takePart() {
          patience = Self.patience
        } else {
          patience -= 1
          sched_yield()
        }
      }
      park()
    }
  }

  /// Sleeps until the next job, unless there is one already.
  private func park() {
    parked.add(1, ordering: .sequentiallyConsistent)
    if word.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF > 0, leaveParked() { return }
    wake.wait()
  }

  /// Takes back that this worker is parked; not where somebody is already about to wake it.
  private func leaveParked() -> Bool {
    var count = parked.load(ordering: .relaxed)
    while count > 0 {
      let (left, now) = parked.weakCompareExchange(
        expected: count, desired: count - 1, ordering: .sequentiallyConsistent)
      if left { return true }
      count = now
    }
    return false
  }
}
