import LinearAlgebra
import Testing

@Suite("Threads")
struct ThreadsTests {
  /// In a process of its own, since the number of threads is the whole process's.
  @Test("the pure-Swift backend gives the same bits on any number of threads")
  func sameBits() async {
    await #expect(processExitsWith: .success) {
      try BLAS.$backend.withValue(SwiftBackend()) {
        for (m, n, k) in [(300, 200, 100), (97, 401, 129), (1, 2000, 1500), (640, 3, 1100)] {
          let a = try Matrix<Float>.random(m, k, seed: 1)
          let b = try Matrix<Float>.random(n, k, seed: 2)
          let products = try [1, 2, 3].map { count in
            Threads.count = count
            return try a.product(transposed: b)
          }
          try #require(products[1] == products[0], "\((m, n, k)) on 2 threads")
          try #require(products[2] == products[0], "\((m, n, k)) on 3 threads")
        }
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
}
