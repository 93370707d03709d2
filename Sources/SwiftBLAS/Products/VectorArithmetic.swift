/// The precisions the products come in: `Float` and `Double`.
///
/// (`Codable` is what the standard library asks of every element of a SIMD vector.)
protocol ProductScalar: BinaryFloatingPoint, SIMDScalar, Transposable, BitwiseCopyable, Codable
where SIMD4Storage: BitwiseCopyable {}

extension Float: ProductScalar {}
extension Double: ProductScalar {}

/// A SIMD vector the product kernels can be built from: `SIMD2` … `SIMD16` of `Float` or `Double`.
typealias KernelVector = SIMD & BitwiseCopyable & PairwiseSummable

/// A vector whose elements can be added up by halves: the upper half to the lower one, until one is left.
protocol PairwiseSummable: SIMD {
  /// The sum of the elements.
  var pairwiseSum: Scalar { get }
}

extension SIMD2: PairwiseSummable where Scalar: ProductScalar {
  @inline(__always)
  var pairwiseSum: Scalar { self[0] + self[1] }
}

extension SIMD4: PairwiseSummable where Scalar: ProductScalar {
  @inline(__always)
  var pairwiseSum: Scalar { (lowHalf + highHalf).pairwiseSum }
}

extension SIMD8: PairwiseSummable where Scalar: ProductScalar {
  @inline(__always)
  var pairwiseSum: Scalar { (lowHalf + highHalf).pairwiseSum }
}

extension SIMD16: PairwiseSummable where Scalar: ProductScalar {
  @inline(__always)
  var pairwiseSum: Scalar { (lowHalf + highHalf).pairwiseSum }
}

extension SIMD where Self: BitwiseCopyable, Scalar: ProductScalar {
  /// The vector of `scalarCount` consecutive elements at `pointer`, which need not be aligned to the vector.
  @inline(__always)
  init(at pointer: UnsafePointer<Scalar>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }

  /// Stores the vector's elements from `pointer` on, which need not be aligned to the vector.
  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Scalar>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
  }

  /// `self + a · b`, rounded once where the target has a fused instruction and twice where it has none.
  ///
  /// Without the instruction, `addingProduct` would be a call into the C library for every lane.
  @inline(__always)
  func plus(_ a: Self, times b: Self) -> Self {
    TargetFeatures.hasFMA ? self.addingProduct(a, b) : self + a * b
  }
}

/// `sum + a · b`, rounded as `plus(_:times:)` rounds each lane.
@inline(__always)
func multiplyAdd<Scalar: ProductScalar>(_ sum: Scalar, _ a: Scalar, _ b: Scalar) -> Scalar {
  TargetFeatures.hasFMA ? sum.addingProduct(a, b) : sum + a * b
}
