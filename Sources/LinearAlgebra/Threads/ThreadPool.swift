import CTargetFeatures
import Dispatch
import Foundation
import Synchronization

/// Worker threads that share the parts of one job at a time with the thread that brings it.
///
/// Between jobs a worker spins for a moment, since the next product of a training step is near, and then parks. A job is
/// published in one word, the number of its step above the parts that are left: a thread takes a part by counting the word down,
/// which fails if the step has changed in between. Whoever takes a part of a job keeps that job from ending, so that what
/// belongs to the job is read only after a part of it was taken. The first part is the bringer's own.
final class ThreadPool: Sendable {
  /// Looks for a job before a worker parks, half a millisecond: longer than a thread works by itself between the products of
  /// a step, after which to wake a parked one would take 20 µs.
  private static let patience = 8000

  /// The number of the job's step in the upper half, its parts that nobody has taken yet in the lower.
  private let word = LoneAtomic<UInt64>(0)

  /// Parts that others have done.
  private let done = LoneAtomic<Int>(0)

  /// Parts of each step, and the first step's number, set before the job is published.
  private let parts = Atomic<Int>(0)
  private let first = Atomic<UInt32>(0)

  /// The job at hand. Unsafe to the compiler's eye: it is written only by the one that holds `isBusy`, before a job is
  /// published and after its last part is done, and read only between.
  nonisolated(unsafe) private var body: ((_ step: Int, _ part: Int, _ isOwn: Bool) -> Void)?

  private let isBusy = Atomic<Bool>(false)
  private let workers = Atomic<Int>(0)
  private let parked = Atomic<Int>(0)
  private let wake = DispatchSemaphore(value: 0)

  /// Runs `body` for each of the parts `0..<count` of each step, the parts of one step on up to `threads` threads, and returns
  /// when all are done. No part begins before all of the step before are done.
  ///
  /// - Parameter body: Is told whether it runs on the calling thread.
  /// - Returns: whether it ran; not where the pool has a job already, be it another task's or, nested, this thread's own.
  func run(
    _ count: Int, steps: Int = 1, threads: Int, _ body: (_ step: Int, _ part: Int, _ isOwn: Bool) -> Void
  ) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return false
    }
    startWorkers(threads - 1)
    withoutActuallyEscaping(body) { body in
      self.body = body
      parts.store(count, ordering: .relaxed)
      done.value.store(0, ordering: .relaxed)
      let before = UInt32(truncatingIfNeeded: word.value.load(ordering: .relaxed) >> 32)
      first.store(before &+ 1, ordering: .relaxed)
      var takenByOthers = 0
      for step in 0..<steps {
        let number = UInt64(before &+ UInt32(truncatingIfNeeded: step) &+ 1)
        word.value.store(number << 32 | UInt64(count - 1), ordering: .sequentiallyConsistent)
        if parked.load(ordering: .sequentiallyConsistent) > 0 {
          for _ in 0..<parked.exchange(0, ordering: .sequentiallyConsistent) { wake.signal() }
        }
        body(step, 0, true)
        takenByOthers += count - 1
        while takePart(isOwn: true) { takenByOthers -= 1 }
        var looks = 0
        while done.value.load(ordering: .acquiring) < takenByOthers { Self.rest(&looks) }
      }
      self.body = nil
    }
    isBusy.store(false, ordering: .releasing)
    return true
  }

  /// Takes a part of a step and runs it; whether there was one.
  private func takePart(isOwn: Bool) -> Bool {
    var seen = word.value.load(ordering: .acquiring)
    while true {
      let left = seen & 0xFFFF_FFFF
      guard left > 0 else { return false }
      let (taken, now) = word.value.weakCompareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      guard taken else {
        seen = now
        continue
      }
      let step = UInt32(truncatingIfNeeded: seen >> 32) &- first.load(ordering: .relaxed)
      runPart(Int(step), parts.load(ordering: .relaxed) - Int(left), isOwn)
      return true
    }
  }

  /// A function of its own, so that nothing refers to `body` any more when it returns and the part counts as done.
  @inline(never)
  private func runPart(_ step: Int, _ part: Int, _ isOwn: Bool) { body?(step, part, isOwn) }

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
      var looks = 0
      while looks < Self.patience {
        if takePart(isOwn: false) {
          done.value.add(1, ordering: .releasing)
          looks = 0
        } else {
          Self.rest(&looks)
        }
      }
      park()
    }
  }

  /// The moment between two looks at what another thread writes. Now and then it gives the processor to whoever else is ready,
  /// which takes a few times as long as the other's news does to arrive.
  private static func rest(_ looks: inout Int) {
    looks += 1
    if looks & 15 == 0 { sched_yield() } else { spin_pause() }
  }

  /// Sleeps until the next job, unless there is one already.
  private func park() {
    parked.add(1, ordering: .sequentiallyConsistent)
    if word.value.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF > 0, leaveParked() { return }
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

/// A number that shares no cache line with others, nor with a line that a processor fetches beside: a thread that looks at it
/// again and again does not delay those who write what would lie next to it.
private struct LoneAtomic<Value: AtomicRepresentable>: ~Copyable {
  private let before = InlineArray<16, UInt64>(repeating: 0)
  let value: Atomic<Value>
  private let after = InlineArray<16, UInt64>(repeating: 0)

  init(_ value: consuming Value) { self.value = Atomic(value) }
}

extension LoneAtomic: Sendable where Value: Sendable {}
