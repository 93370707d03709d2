import Foundation

/// Measures several things in turn, A B A B …, so that a clock that drifts is fair to all of them.
///
/// A sample lasts at least a millisecond: what is shorter is repeated within it. Ratios are best taken sample by
/// sample, of neighbours.
struct Interleaving {
  /// How long to go on, once each has its least number of samples.
  let seconds: Double
  /// Microseconds between two samples: long enough for the threads of the one before to stop spinning.
  var pause: UInt32 = 0
  var leastSamples = 7

  private static let shortestSample = 1e-3

  /// Times each of `contenders`, which are told how often to repeat what they do; per repetition.
  func measure(_ contenders: [(_ repetitions: Int) -> Void]) -> [Samples] {
    let repetitions = contenders.map(repetitions)
    var samples = contenders.map { _ in Samples() }
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end || samples.contains(where: { $0.seconds.count < leastSamples }) {
      for (index, contender) in contenders.enumerated() {
        if pause > 0 { usleep(pause) }
        if pause > 0 || repetitions[index] > 1 { contender(1) }
        samples[index].seconds.append(time(contender, repetitions[index]) / Double(repetitions[index]))
      }
    }
    return samples
  }

  /// How often `contender` is to be repeated for one sample.
  private func repetitions(_ contender: (Int) -> Void) -> Int {
    contender(1)
    var count = 1
    while true {
      let seconds = time(contender, count)
      if seconds >= Self.shortestSample { return count }
      count = max(count * 2, Int(Double(count) * min(100, Self.shortestSample / max(seconds, 1e-8))))
    }
  }
}

/// How long `body` takes for `repetitions`, in seconds.
@inline(never)
func time(_ body: (Int) -> Void, _ repetitions: Int) -> Double {
  let start = ContinuousClock.now
  body(repetitions)
  return start.duration(to: .now) / .seconds(1)
}
