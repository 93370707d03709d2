import CTargetFeatures

/// The vector instructions that this build may use: constants, so that a kernel is chosen when it is compiled.
///
/// `CPUFeatures` of `LinearAlgebra` says the same to users; a module compiles its own constants in.
enum TargetFeatures {
  /// Whether products and sums are rounded once, by fused multiply-add instructions.
  @inline(__always)
  static var hasFMA: Bool { TARGET_HAS_FMA != 0 }

  /// Whether 256-bit vectors are used on x86.
  @inline(__always)
  static var hasAVX2: Bool { TARGET_HAS_AVX2 != 0 }

  /// Whether 512-bit vectors are used on x86.
  @inline(__always)
  static var hasAVX512: Bool { TARGET_HAS_AVX512 != 0 }
}
