import Foundation
import NeuralNetworks

/// A product's speed on some number of threads.
struct Scaling: Encodable {
  let backend: String
  let threads: Int
  let gflops: Double
  /// Over one thread.
  let speedup: Double

  /// Measures one backend on each number of threads in turn; sets ``Threads/count``.
  static func measure(
    _ shape: ProductShape, on backend: any BLASBackend, threads: [Int], seconds: Double
  ) -> [Scaling] {
    let operands = Operands<Float>(shape)
    defer { operands.deallocate() }
    // The pause lets idle workers stop spinning before other numbers of them are asked for.
    let samples = Interleaving(seconds: seconds, pause: 40_000).measure(
      threads.map { count in
        { repetitions in
          if Threads.count != count { Threads.count = count }
          BLAS.$backend.withValue(backend) { operands.multiply(repetitions) }
        }
      })
    return zip(threads, samples).map { count, sample in
      Scaling(
        backend: backend.name, threads: count, gflops: shape.flops / sample.median / 1e9,
        speedup: zip(samples[0].seconds, sample.seconds).map { $0 / $1 }.median)
    }
  }
}
