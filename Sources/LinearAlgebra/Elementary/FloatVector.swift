import CTargetFeatures

/// A SIMD vector of `Float` the elementary functions are written for: `SIMD4`, `SIMD8` or `SIMD16`.
///
/// Its lanes' bit patterns are a `MaskStorage`, the vector of as many `Int32`.
protocol FloatVector: SIMD, BitwiseCopyable
where Scalar == Float, MaskStorage: BitwiseCopyable, MaskStorage.Scalar == Int32 {
  /// The lanes below those of `other`.
  func isLess(than other: Self) -> SIMDMask<MaskStorage>

  /// The lanes equal to those of `other`.
  func isEqual(to other: Self) -> SIMDMask<MaskStorage>
}

// The comparisons are requirements, since those the standard library has for every SIMD type are loops over lanes.
extension SIMD4<Float>: FloatVector {
  @inline(__always) func isLess(than other: Self) -> SIMDMask<MaskStorage> { self .< other }
  @inline(__always) func isEqual(to other: Self) -> SIMDMask<MaskStorage> { self .== other }
}

extension SIMD8<Float>: FloatVector {
  @inline(__always) func isLess(than other: Self) -> SIMDMask<MaskStorage> { self .< other }
  @inline(__always) func isEqual(to other: Self) -> SIMDMask<MaskStorage> { self .== other }
}

extension SIMD16<Float>: FloatVector {
  @inline(__always) func isLess(than other: Self) -> SIMDMask<MaskStorage> { self .< other }
  @inline(__always) func isEqual(to other: Self) -> SIMDMask<MaskStorage> { self .== other }
}

extension FloatVector {
  @inline(__always)
  func isLess(than other: Float) -> SIMDMask<MaskStorage> { isLess(than: Self(repeating: other)) }

  @inline(__always)
  func isGreater(than other: Float) -> SIMDMask<MaskStorage> { Self(repeating: other).isLess(than: self) }

  @inline(__always)
  func isEqual(to other: Float) -> SIMDMask<MaskStorage> { isEqual(to: Self(repeating: other)) }
}

extension FloatVector {
  /// The lanes' bit patterns.
  @inline(__always)
  var bits: MaskStorage { unsafeBitCast(self, to: MaskStorage.self) }

  @inline(__always)
  init(bits: MaskStorage) { self = unsafeBitCast(bits, to: Self.self) }

  /// `self + a · b`, rounded once where the target has a fused instruction and twice where it has none.
  ///
  /// Without the instruction, `addingProduct` would be a call into the C library for every lane.
  @inline(__always)
  func plus(_ a: Self, times b: Self) -> Self {
    CPUFeatures.hasFMA ? self.addingProduct(a, b) : self + a * b
  }

  /// `self + a · b`, rounded as above.
  @inline(__always)
  func plus(_ a: Float, times b: Self) -> Self { plus(Self(repeating: a), times: b) }

  /// c₀ + c₁x + c₂x² + … with x = `self`, by Horner's rule.
  @inline(__always)
  func polynomial<let count: Int>(_ coefficients: InlineArray<count, Float>) -> Self {
    var sum = Self(repeating: coefficients[count &- 1])
    for power in 2...count {
      sum = Self(repeating: coefficients[unchecked: count &- power]).plus(sum, times: self)
    }
    return sum
  }

  /// |x|.
  @inline(__always)
  var absolute: Self { Self(bits: bits & MaskStorage(repeating: .max)) }

  /// |x| with the sign of `other`.
  @inline(__always)
  func signed(as other: Self) -> Self {
    Self(bits: absolute.bits | other.bits & MaskStorage(repeating: .min))
  }

  /// The larger of x and the bound; NaN stays.
  @inline(__always)
  func atLeast(_ bound: Float) -> Self {
    replacing(with: Self(repeating: bound), where: isLess(than: bound))
  }

  /// The smaller of x and the bound; NaN stays.
  @inline(__always)
  func atMost(_ bound: Float) -> Self {
    replacing(with: Self(repeating: bound), where: isGreater(than: bound))
  }
}

// Memory, which need not be aligned to the vector.
extension FloatVector {
  @inline(__always)
  init(at pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
  }

  /// The vector of `count` elements, fewer than it has lanes, and `padding` in the other lanes.
  @inline(__always)
  init(at pointer: UnsafePointer<Float>, count: Int, padding: Float) {
    self.init(repeating: padding)
    withUnsafeMutableBytes(of: &self) {
      if let lanes = $0.baseAddress { copyFewerThan16(from: pointer, to: lanes, count: count) }
    }
  }

  /// Stores the first `count` lanes, which are not all of them.
  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>, count: Int) {
    withUnsafeBytes(of: self) {
      if let lanes = $0.baseAddress { copyFewerThan16(from: lanes, to: pointer, count: count) }
    }
  }
}

/// Copies `count` numbers in at most four pieces; a call to copy so few would take longer than computing with them.
@inline(__always)
private func copyFewerThan16(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
  var offset = 0
  func copy<Piece: BitwiseCopyable>(_: Piece.Type) {
    let piece = source.loadUnaligned(fromByteOffset: offset, as: Piece.self)
    target.storeBytes(of: piece, toByteOffset: offset, as: Piece.self)
    offset &+= MemoryLayout<Piece>.size
  }
  if count & 8 != 0 { copy(SIMD8<Float>.self) }
  if count & 4 != 0 { copy(SIMD4<Float>.self) }
  if count & 2 != 0 { copy(SIMD2<Float>.self) }
  if count & 1 != 0 { copy(Float.self) }
}
