import Foundation
import NeuralNetworks

/// What one thread can compute at most, as this build may: multiply-adds in registers alone, on the widest vectors.
///
/// Twelve sums, none of which waits for another, hide the latency of the instruction. A baseline build multiplies and
/// adds by two instructions, and its peak is that much lower.
struct Peak {
  /// Multiplications and additions of one repetition.
  let flops: Double
  /// So many repetitions.
  let run: (_ repetitions: Int) -> Void

  static var single: Peak {
    if CPUFeatures.hasAVX512 { return peak(of: SIMD16<Float>.self) }
    return CPUFeatures.hasAVX2 ? peak(of: SIMD8<Float>.self) : peak(of: SIMD4<Float>.self)
  }

  static var double: Peak {
    if CPUFeatures.hasAVX512 { return peak(of: SIMD8<Double>.self) }
    return CPUFeatures.hasAVX2 ? peak(of: SIMD4<Double>.self) : peak(of: SIMD2<Double>.self)
  }

  private static var rounds: Int {
    #if DEBUG
      40
    #else
      20_000
    #endif
  }

  @inline(__always)
  private static func peak<Vector: SIMD>(of type: Vector.Type) -> Peak
  where Vector.Scalar: BinaryFloatingPoint {
    let fused = CPUFeatures.hasFMA
    return Peak(flops: Double(rounds * 12 * 2 * Vector.scalarCount)) { repetitions in
      for _ in 0..<repetitions {
        let sum: Vector =
          if fused { spin { sum, a, b in sum.addingProduct(a, b) } } else { spin { $0 + $1 * $2 } }
        // Never so, but the compiler does not know, and computes the sum.
        if sum[0] == -1 { print(sum) }
      }
    }
  }

  /// Twelve sums of `rounds` products each.
  @inline(__always)
  private static func spin<Vector: SIMD>(_ add: (Vector, Vector, Vector) -> Vector) -> Vector
  where Vector.Scalar: BinaryFloatingPoint {
    // Lanes that differ: those that do not are computed one for all.
    var a = Vector(repeating: Vector.Scalar(start))
    for lane in a.indices { a[lane] *= Vector.Scalar(lane + 1) }
    let b = a + a
    var sums = InlineArray<12, Vector> { a + Vector.Scalar($0) }
    for _ in 0..<rounds {
      // In groups that the compiler unrolls, so that all sums are in registers.
      for i in 0..<4 { sums[i] = add(sums[i], a, b) }
      for i in 4..<8 { sums[i] = add(sums[i], a, b) }
      for i in 8..<12 { sums[i] = add(sums[i], a, b) }
    }
    var sum = Vector()
    for i in 0..<12 { sum += sums[i] }
    return sum
  }

  /// Unknown to the compiler, which would else compute the loop itself.
  private static let start = Double(ProcessInfo.processInfo.activeProcessorCount) * 0x1p-20
}
