import Foundation
import NeuralNetworks

#if OpenBLAS
  /// Who threads a product by OpenBLAS: OpenBLAS itself, or the library, which has OpenBLAS compute each part on one thread.
  struct Ownership: Encodable {
    let product: String
    let threads: Int
    /// The product alone.
    let openblasMicroseconds: Double
    let libraryMicroseconds: Double
    /// The product and then a pass over its result that the library shares among its threads, as in a network.
    let openblasWithPassMicroseconds: Double
    let libraryWithPassMicroseconds: Double

    /// Measures both policies in turn; sets ``Threads/count``.
    init(_ shape: ProductShape, threads: Int, seconds: Double) {
      product = "\(shape)"
      self.threads = threads
      Threads.count = threads
      let operands = Operands<Float>(shape)
      defer { operands.deallocate() }
      func multiply(_ repetitions: Int, pass: Bool, own: Bool) {
        BLAS.$backend.withValue(OpenBLASBackend()) {
          for _ in 0..<repetitions {
            if own {
              Threads.onOpenBLASThreads(threads) { operands.multiply(1) }
            } else {
              operands.multiply(1)
            }
            if pass { operands.rectify() }
          }
        }
      }
      // The pause lets idle workers of either kind stop spinning before the other's turn.
      let samples = Interleaving(seconds: seconds, pause: 40_000).measure(
        [(false, true), (false, false), (true, true), (true, false)].map { pass, own in
          { multiply($0, pass: pass, own: own) }
        })
      let medians = samples.map { $0.median * 1e6 }
      (openblasMicroseconds, libraryMicroseconds) = (medians[0], medians[1])
      (openblasWithPassMicroseconds, libraryWithPassMicroseconds) = (medians[2], medians[3])
    }
  }
#endif
