import Foundation
import NeuralNetworks

/// The precisions that products are measured in.
enum Precision: String, Codable, CaseIterable {
  case single, double
}

/// Measures one product on every backend of this process, with the peak in turn with them.
struct ProductMeasurement {
  let shape: ProductShape
  let precision: Precision
  let threads: Int
  let pinned: Bool
  let seconds: Double

  /// Measures on ``Threads/count`` threads.
  func row() -> ProductRow {
    switch precision {
    case .single: row(of: Float.self, peak: Peak.single)
    case .double: row(of: Double.self, peak: Peak.double)
    }
  }

  private func row<Scalar: BLASScalar>(of type: Scalar.Type, peak: Peak) -> ProductRow {
    let operands = Operands<Scalar>(shape)
    defer { operands.deallocate() }
    let backends = BLAS.available
    let residuals = backends.map { backend in
      BLAS.$backend.withValue(backend) { operands.multiply(1) }
      return operands.residual()
    }
    let contenders = backends.map { backend in
      { repetitions in BLAS.$backend.withValue(backend) { operands.multiply(repetitions) } }
    }
    // OpenBLAS's idle workers spin for some 30 ms, and would take the processor from whoever is next.
    let interleaving = Interleaving(seconds: seconds, pause: threads > 1 ? 40_000 : 0)
    let samples = interleaving.measure(contenders + [peak.run])
    let results = zip(backends, zip(residuals, samples)).map {
      Result(backend: $0.name, residual: $1.0, samples: $1.1)
    }
    let openblas = results.first { $0.backend == "openblas" }
    // Every build has the pure-Swift backend.
    let swift = results.first { $0.backend != "openblas" } ?? results[0]
    var row = ProductRow(
      m: shape.m, n: shape.n, k: shape.k, transposes: shape.transposes, precision: precision,
      threads: threads,
      pinned: pinned, swiftGflops: shape.flops / swift.samples.median / 1e9,
      swiftSpread: swift.samples.spread,
      residual: swift.residual,
      peakGflops: peak.flops / samples[samples.count - 1].median / 1e9 * Double(threads))
    #if OpenBLAS
      if let openblas {
        row.openblasGflops = shape.flops / openblas.samples.median / 1e9
        row.openblasSpread = openblas.samples.spread
        row.openblasResidual = openblas.residual
        row.openblasCore = OpenBLASBackend.coreType
        row.ratio = zip(openblas.samples.seconds, swift.samples.seconds).map { $0 / $1 }.median
      }
    #endif
    return row
  }

  private struct Result {
    let backend: String
    let residual: Double
    let samples: Samples
  }
}
