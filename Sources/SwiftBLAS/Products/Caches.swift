#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The sizes of this machine's caches in bytes, as the system states them; where it does not, those of a small processor.
enum Caches {
  /// What is read and written at a time.
  static let line = 64

  /// What a core reads and writes data through.
  static let firstLevel = size(level: 1) ?? 32 << 10

  /// What a core has to itself.
  static let secondLevel = size(level: 2) ?? 512 << 10

  private static func size(level: Int) -> Int? {
    #if canImport(Glibc)
      let names = [_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE]
      let bytes = sysconf(Int32(names[level - 1]))
      return bytes >= 16 << 10 ? bytes : nil
    #elseif canImport(Darwin)
      var (bytes, length) = (0, MemoryLayout<Int>.size)
      let name = ["hw.l1dcachesize", "hw.l2cachesize"][level - 1]
      return sysctlbyname(name, &bytes, &length, nil, 0) == 0 && bytes >= 16 << 10 ? bytes : nil
    #else
      return nil
    #endif
  }
}
