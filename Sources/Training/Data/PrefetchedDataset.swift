import Foundation
import Synchronization

/// Batches made on a thread of their own, some ahead of those that are learnt from: reading and augmentation then cost a
/// step nothing but the processor they need.
///
/// The batches, their order and an error that ends them are the same as without.
public struct PrefetchedDataset<Base: Dataset>: Dataset where Base.Batches: Sendable, Base.Batch: Sendable {
  fileprivate let base: Base
  fileprivate let ahead: Int

  public var batchCount: Int? { base.batchCount }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) throws -> Iterator {
    Iterator(
      queue: BatchQueue(try base.makeIterator(epoch: epoch, seed: seed, from: batch), ahead: ahead))
  }

  /// The batches of an epoch. The thread ends when the last copy of this is gone.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let queue: BatchQueue<Base.Batches>

    public mutating func next() throws -> Base.Batch? { try queue.next() }
  }
}

extension Dataset where Batches: Sendable, Batch: Sendable {
  /// These batches, made up to `ahead` before they are asked for, at least 1.
  public func prefetched(_ ahead: Int = 2) -> PrefetchedDataset<Self> {
    PrefetchedDataset(base: self, ahead: max(1, ahead))
  }
}

/// A queue that a thread fills and a training empties.
private final class BatchQueue<Batches: BatchIterator & Sendable>: Sendable where Batches.Batch: Sendable {
  /// What the thread shares with whoever asks; it lives on while either does.
  private final class Shared: Sendable {
    struct State {
      var waiting: [Result<Batches.Batch?, any Error>] = []
      var isAbandoned = false
    }

    let state = Mutex(State())
    let filled = DispatchSemaphore(value: 0)
    let free = DispatchSemaphore(value: 0)

    init(ahead: Int) {
      // A semaphore must not end below the value it began with.
      for _ in 0..<ahead { free.signal() }
    }

    /// Makes batches until they end, fail, or nobody wants them; the end and an error come last, and again to whoever asks.
    func fill(from batches: Batches) {
      var batches = batches
      while true {
        free.wait()
        if state.withLock({ $0.isAbandoned }) { return }
        let result = Result { try batches.next() }
        state.withLock { $0.waiting.append(result) }
        filled.signal()
        guard case .success(.some) = result else { return }
      }
    }
  }

  private let shared: Shared

  init(_ batches: Batches, ahead: Int) {
    let shared = Shared(ahead: ahead)
    self.shared = shared
    let thread = Thread { shared.fill(from: batches) }
    thread.name = "prefetch"
    thread.start()
  }

  deinit {
    shared.state.withLock { $0.isAbandoned = true }
    shared.free.signal()
  }

  func next() throws -> Batches.Batch? {
    shared.filled.wait()
    let result = shared.state.withLock { state in
      // The last one stays.
      if case .success(.some) = state.waiting[0] { return state.waiting.removeFirst() }
      return state.waiting[0]
    }
    if case .success(.some) = result { shared.free.signal() } else { shared.filled.signal() }
    return try result.get()
  }
}
