import Foundation
import Synchronization

#if OpenBLAS
  import COpenBLAS
#endif

/// The one owner of threads: one pool for products and all other work, on both backends.
///
/// The policy: the library cuts large work into parts and runs them on its own pool. OpenBLAS computes a part on the
/// thread that asks, and never uses threads of its own: two pools would compete for the same processors. The pool has
/// one job at a time. Work that finds it busy, be it nested in a part or another task's, runs on its own thread from
/// beginning to end. A server that answers many requests at once gives each of them one thread, and uses no more threads
/// than it has tasks:
///
///     let answer = try Threads.$limit.withValue(1) { try model(request) }
///
/// `benchmark threads` measures this beside OpenBLAS's own threads, for products alone and with a pass over the result that
/// the library shares; `docs/benchmarks.md` has the figures. Neither is faster throughout: which one is ahead changes from
/// run to run. So one owner decides it: the same threads serve both backends, elementwise work and whole examples at a
/// time, and a limit for a task holds for all of them.
public enum Threads {
  /// The most threads that work is shared among, at least 1; as many as there are active processors, unless set here or
  /// by the environment variable `NEURAL_THREADS`.
  public static var count: Int {
    get { current.load(ordering: .relaxed) }
    set { current.store(min(max(1, newValue), most), ordering: .relaxed) }
  }

  /// The most threads that the current task shares its work among, whatever ``count`` says; `nil` for no limit.
  @TaskLocal public static var limit: Int?

  private static let current: Atomic<Int> = {
    let environment = ProcessInfo.processInfo.environment["NEURAL_THREADS"].flatMap(Int.init)
    return Atomic(environment.map { min(max(1, $0), most) } ?? ProcessInfo.processInfo.activeProcessorCount)
  }()

  /// More threads than any machine has processors.
  private static let most = 1024

  private static let pool = ThreadPool()

  /// Runs `body` for each of the parts `0..<count`, several at the same time, and returns when all are done.
  ///
  /// The parts run in any order on any thread, on the calling task's backend, and must not write to the same memory.
  public static func parallel(_ count: Int, _ body: (Int) -> Void) {
    if !share(count, body) { for part in 0..<count { body(part) } }
  }

  /// Runs `body` for each of the parts `0..<count` likewise, or not at all where there are no other threads for them.
  ///
  /// - Returns: whether it ran.
  package static func share(_ count: Int, _ body: (Int) -> Void) -> Bool {
    share(count, steps: 1) { _, part in body(part) }
  }

  private static func share(_ count: Int, steps: Int, _ body: (_ step: Int, _ part: Int) -> Void) -> Bool {
    guard count > 1 else { return false }
    let threads = min(count, available)
    guard threads > 1 else { return false }
    let backend = BLAS.backend
    return pool.run(count, steps: steps, threads: threads) { step, part, isOwn in
      if isOwn { body(step, part) } else { BLAS.$backend.withValue(backend) { body(step, part) } }
    }
  }

  /// Cuts `0..<count` into as many nearly equal ranges as there are threads, and runs `body` for each.
  ///
  /// - Parameters:
  ///   - least: the least length worth a thread of its own.
  ///   - grain: each range but the last has a multiple of this length.
  public static func parallel(
    over count: Int, least: Int, grain: Int = 1, _ body: (Range<Int>) -> Void
  ) {
    if count > 0, count / 2 < least { return body(0..<count) }
    let (parts, length) = cut(count, least: least, grain: grain)
    parallel(parts) { body($0 * length..<min(count, ($0 + 1) * length)) }
  }

  /// Cuts `0..<count` likewise, and runs `body` for each range and step: no range of a step before all of the step before. The
  /// threads stay together in between, which costs less than to bring them together for each step.
  package static func parallel(
    steps: Int, over count: Int, least: Int, grain: Int = 1,
    _ body: (_ step: Int, _ range: Range<Int>) -> Void
  ) {
    let (parts, length) = cut(count, least: least, grain: grain)
    let areShared = share(parts, steps: steps) { step, part in
      body(step, part * length..<min(count, (part + 1) * length))
    }
    if !areShared { for step in 0..<steps { body(step, 0..<count) } }
  }

  /// How many ranges, and the length of each but the last.
  private static func cut(_ count: Int, least: Int, grain: Int) -> (parts: Int, length: Int) {
    let parts = max(1, min(available, count / max(1, least)))
    let length = max(1, ((count + parts - 1) / parts + grain - 1) / grain) * grain
    return ((count + length - 1) / length, length)
  }

  /// Cuts a pass over `count` elements into ranges among threads, where there are enough elements for a second thread to pay.
  public static func parallel(overElements count: Int, _ body: (Range<Int>) -> Void) {
    if count < 2 * elementsWorthThread { return body(0..<count) }
    parallel(over: count, least: elementsWorthThread, grain: 1024, body)
  }

  /// Cuts a pass over rows of `width` elements among threads likewise, in multiples of `grain` rows.
  public static func parallel(
    overRows count: Int, of width: Int, grain: Int = 1, _ body: (Range<Int>) -> Void
  ) {
    parallel(over: count, least: max(grain, elementsWorthThread / max(1, width)), grain: grain, body)
  }

  /// Cuts a pass over rows that lie anywhere in a table among threads: where they are wide enough by columns, a cache line at
  /// least, else by rows.
  ///
  /// By columns each thread always has the same part of the table, whatever rows are asked for: what one has written would
  /// otherwise be read from its cache by another, which takes as long as from memory.
  ///
  /// - Parameters:
  ///   - count: What there is to do, each by a number of its own: a row, or `rowsOfEach` of them.
  ///   - width: The elements of a row.
  package static func parallel(
    overTableRows count: Int, rowsOfEach: Int = 1, of width: Int,
    _ body: (_ numbers: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let line = 64 / MemoryLayout<Float>.stride
    if width >= line * available {
      let least = max(line, elementsWorthThread / max(1, count * rowsOfEach))
      parallel(over: width, least: least, grain: line) { body(0..<count, $0) }
    } else {
      parallel(overRows: count, of: width * rowsOfEach) { body($0, 0..<width) }
    }
  }

  /// Elements of a pass over memory below which a thread costs more than it saves.
  private static let elementsWorthThread = 1 << 15

  /// The most threads for the current task's work.
  package static var available: Int { min(count, max(1, limit ?? most)) }

  /// Tells OpenBLAS, once, to leave threads to this library.
  static let openBLASIsSingleThreaded: Bool = {
    #if OpenBLAS
      openblas_set_num_threads(1)
    #endif
    return true
  }()

  #if OpenBLAS
    /// Runs `body` with OpenBLAS on threads of its own and nothing shared by the library: for measuring that policy
    /// beside this one. Nobody else may multiply meanwhile.
    package static func onOpenBLASThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows
      -> Result
    {
      _ = openBLASIsSingleThreaded
      openblas_set_num_threads(Int32(count))
      defer { openblas_set_num_threads(1) }
      return try $limit.withValue(1, operation: body)
    }
  #endif
}
