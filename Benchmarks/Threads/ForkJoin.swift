import Foundation
import NeuralNetworks

/// The cost of handing work to threads and waiting for them.
struct ForkJoin: Encodable {
  let threads: Int
  /// One right after the other.
  let hotMicroseconds: Double
  /// After a rest in which the threads have gone to sleep.
  let parkedMicroseconds: Double

  /// Measures empty parallel loops; sets ``Threads/count``.
  init(threads: Int, seconds: Double) {
    self.threads = threads
    Threads.count = threads
    func fork(_ repetitions: Int) { for _ in 0..<repetitions { Threads.parallel(threads) { _ in } } }
    let hot = Interleaving(seconds: seconds / 2).measure([fork])
    hotMicroseconds = (hot.first?.median ?? 0) * 1e6

    var parked = Samples()
    let end = ContinuousClock.now + .seconds(seconds / 2)
    while ContinuousClock.now < end || parked.seconds.count < 5 {
      usleep(20_000)
      parked.seconds.append(time(fork, 1))
    }
    parkedMicroseconds = parked.median * 1e6
  }
}
