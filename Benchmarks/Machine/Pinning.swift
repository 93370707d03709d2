import Foundation
import NeuralNetworks

/// Keeps the threads of this process on processors of their own: the one place that does.
///
/// Two runnable threads of a process may share one processor for several milliseconds while another is idle, which
/// halves what a benchmark sees. The library itself never pins: it does not know what else runs beside it.
enum Pinning {
  /// Pins the main thread to the first processor this process may use, and its workers to the following ones in the
  /// order they were started in.
  ///
  /// With one thread, whatever starts later stays on that processor too. With more, a product on each backend wakes the
  /// workers first: OpenBLAS's were started together, and so were the library's own, so that within each group no two
  /// share a processor.
  ///
  /// - Throws: ``PinningError`` if there are too few processors, or the system refuses.
  static func pin(threads: Int) throws {
    let processors = try processors(for: threads)
    #if os(Linux)
      guard threads > 1 else { return try pin(0, to: processors[0]) }
      try wakeWorkers()
      let main = getpid()
      let workers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        .compactMap(pid_t.init).filter { $0 != main }.sorted()
      for (index, worker) in workers.enumerated() {
        try pin(worker, to: processors[1 + index % (threads - 1)])
      }
      try pin(main, to: processors[0])
    #endif
  }

  /// The processors this process may use, at least as many as there are threads.
  ///
  /// - Throws: ``PinningError`` if there are too few, or the system refuses.
  @discardableResult
  static func processors(for threads: Int) throws -> [Int] {
    #if os(Linux)
      let processors = try allowedProcessors()
      guard threads <= processors.count else {
        throw PinningError.tooFew(processors: processors.count, threads: threads)
      }
      return processors
    #else
      throw PinningError.unsupported
    #endif
  }

  private static func wakeWorkers() throws {
    let size = 512
    let matrix = Matrix<Float>(repeating: 1, rows: size, columns: size)
    for backend in BLAS.available {
      try BLAS.$backend.withValue(backend) { for _ in 0..<4 { _ = try matrix.product(matrix) } }
    }
  }

  #if os(Linux)
    /// The type of `sched_getaffinity` and `sched_setaffinity`, which Swift's Glibc module does not show.
    private typealias AffinityCall = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> CInt

    private static func affinityCall(_ name: String) throws -> AffinityCall {
      guard let address = dlsym(nil, name) else { throw PinningError.unsupported }
      return unsafeBitCast(address, to: AffinityCall.self)
    }

    /// A set of processors, a bit each.
    private static var emptySet: [UInt8] { Array(repeating: 0, count: 128) }

    private static func allowedProcessors() throws -> [Int] {
      var set = emptySet
      guard try affinityCall("sched_getaffinity")(0, set.count, &set) >= 0 else {
        throw PinningError.refused(errno)
      }
      return (0..<set.count * 8).filter { set[$0 / 8] & (1 << ($0 % 8)) != 0 }
    }

    /// Pins a thread, or with 0 the calling one. A worker that has ended meanwhile needs no processor.
    private static func pin(_ thread: pid_t, to processor: Int) throws {
      var set = emptySet
      set[processor / 8] |= 1 << (processor % 8)
      guard try affinityCall("sched_setaffinity")(thread, set.count, &set) == 0 || errno == ESRCH else {
        throw PinningError.refused(errno)
      }
    }
  #endif
}

/// Why threads could not be pinned.
enum PinningError: Error, CustomStringConvertible {
  case tooFew(processors: Int, threads: Int)
  case refused(Int32)
  case unsupported

  var description: String {
    switch self {
    case .tooFew(let processors, let threads):
      "--pin gives each thread a processor, and there are \(processors) for \(threads) threads"
    case .refused(let code): "--pin: the system does not allow it: \(String(cString: strerror(code)))"
    case .unsupported: "--pin works on Linux alone"
    }
  }
}
