import CTargetFeatures

/// The vector instructions that this build may use.
///
/// They are chosen when the package is compiled: `swift build -c release -Xcc -march=native` builds for the machine at
/// hand. Without a flag the code runs on every processor of its kind, correctly and more slowly.
public enum CPUFeatures {
  /// Whether products and sums are rounded once, by fused multiply-add instructions.
  @inline(__always)
  public static var hasFMA: Bool { TARGET_HAS_FMA != 0 }

  /// Whether 256-bit vectors are used on x86.
  @inline(__always)
  public static var hasAVX2: Bool { TARGET_HAS_AVX2 != 0 }

  /// Whether 512-bit vectors may be used on x86.
  @inline(__always)
  public static var hasAVX512: Bool { TARGET_HAS_AVX512 != 0 }

  /// What was built for, in one line.
  public static var description: String {
    let names = [(hasAVX512, "AVX-512"), (hasAVX2, "AVX2"), (hasFMA, "FMA")].filter(\.0).map(\.1)
    guard !names.isEmpty else { return "Built for any processor; \"-Xcc -march=native\" makes it faster." }
    return "Built for processors with \(names.joined(separator: ", "))."
  }
}
