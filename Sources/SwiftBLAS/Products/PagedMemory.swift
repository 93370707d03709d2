#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory from the system, aligned to cache lines; to be deallocated by its pointer.
///
/// A large buffer is asked for in pages of 2 MiB: of those the processor keeps the places of all that a step uses, while of pages
/// of 4 KiB it looks up most anew at each pass. Where the system has none to give, nothing is lost.
package func allocateMemory(byteCount: Int) -> UnsafeMutableRawPointer {
  #if os(Linux)
    let page = 2 << 20
    if byteCount >= page {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: page)
      madvise(memory, byteCount, MADV_HUGEPAGE)
      return memory
    }
  #endif
  return .allocate(byteCount: byteCount, alignment: 64)
}
