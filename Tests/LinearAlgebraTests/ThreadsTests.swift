import Foundation
import LinearAlgebra
import Synchronization
import Testing

@Suite("Threads")
struct ThreadsTests {
  /// In a process of its own, since the number of threads is the whole process's.
  @Test("the pure-Swift backend gives the same bits on any number of threads")
  func sameBits() async {
    await #expect(processExitsWith: .success) {
      try BLAS.$backend.withValue(SwiftBackend()) {
        try requireSameBits(Float.self)
        try requireSameBits(Double.self)
      }
    }
  }

  @Test("at least one thread")
  func atLeastOne() async {
    await #expect(processExitsWith: .success) {
      Threads.count = -3
      try #require(Threads.count == 1)
    }
  }

  @Test("every part runs once, whoever asks, nested or not")
  func everyPartOnce() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 4
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<3 {
          group.addTask {
            for round in 0..<3000 {
              let count = 1 + (round * 7 + task) % 40
              let runs = ConcurrencyProbe(count: count)
              Threads.parallel(count) { part in
                runs.note(part)
                if round % 100 == 0 { Threads.parallel(3) { _ in } }
              }
              try #require(runs.counts == Array(repeating: 1, count: count), "round \(round)")
              if round % 500 == 0 { try await Task.sleep(for: .milliseconds(3)) }
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("no part of a step runs before all of the step before, whoever asks")
  func steps() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 4
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<3 {
          group.addTask {
            for round in 0..<500 {
              let (steps, count) = (round % 30, 1 + (round * 7 + task) % 40)
              let runs = ConcurrencyProbe(count: count)
              Threads.parallel(steps: steps, over: count, least: 1, grain: 1 + round % 5) { step, range in
                precondition(runs.counts.allSatisfy { $0 == step || $0 == step + 1 }, "round \(round)")
                for index in range { runs.note(index) }
              }
              try #require(runs.counts == Array(repeating: steps, count: count), "round \(round)")
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("a task with a limit of one thread shares nothing")
  func limit() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 4
      let here = pthread_self()
      Threads.$limit.withValue(1) {
        for _ in 0..<100 {
          Threads.parallel(8) { _ in precondition(pthread_equal(pthread_self(), here) != 0) }
        }
      }
    }
  }

  @Test("ranges cover everything once, in multiples of the grain")
  func ranges() {
    for (count, least, grain) in [(0, 1, 1), (1, 1, 48), (100, 10, 48), (97, 1, 8), (1000, 2000, 1)] {
      let runs = ConcurrencyProbe(count: count)
      Threads.parallel(over: count, least: least, grain: grain) { range in
        #expect(range.upperBound == count || range.count % grain == 0)
        for index in range { runs.note(index) }
      }
      #expect(runs.counts == Array(repeating: 1, count: count))
    }
  }
}

/// How often each part ran.
private final class ConcurrencyProbe: Sendable {
  private let runs: Mutex<[Int]>

  init(count: Int) { runs = Mutex(Array(repeating: 0, count: count)) }

  var counts: [Int] { runs.withLock { $0 } }

  func note(_ part: Int) { runs.withLock { $0[part] += 1 } }
}

/// Products of all transposes on one, two and three threads.
private func requireSameBits<Scalar: BLASScalar>(_ type: Scalar.Type) throws {
  let vectors = [(1, 2000, 1500), (2000, 1, 701), (1999, 403, 1)]
  for (m, n, k) in [(300, 200, 100), (97, 401, 129), (640, 3, 1100)] + vectors {
    let (a, b) = (try Matrix<Scalar>.random(m, k, seed: 1), try Matrix<Scalar>.random(k, n, seed: 2))
    let (turnedA, turnedB) = (a.transposed, b.transposed)
    let products = try [1, 2, 3].map { count in
      Threads.count = count
      return [
        try a.product(b), try a.product(transposed: turnedB), try turnedA.transposedProduct(b),
      ]
    }
    try #require(products[1] == products[0], "\(type) \((m, n, k)) on 2 threads")
    try #require(products[2] == products[0], "\(type) \((m, n, k)) on 3 threads")
  }
}
