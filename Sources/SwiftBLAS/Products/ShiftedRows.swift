// Products with a matrix whose rows are stretches of memory, some of which begin one element after the other: the pixels of
// an image under the elements of a kernel's line. Such rows need one address, and each of their elements is broadcast from
// where it lies.

/// The numbers of neighbouring rows that ``addProduct(a:offsets:neighbours:m:n:k:packedB:c:ldc:)`` has kernels for.
public let neighbouringRows = [3, 2, 5]

/// C ← C + A · B for an A whose row i begins at `a + offsets[i]`, and a B in the order of
/// ``packColumns(transposed:k:n:b:ldb:to:depth:)``.
///
/// - Parameters:
///   - neighbours: One of ``neighbouringRows``, a divisor of `m`: so many rows, from each of its multiples on, begin one
///     element after the other.
///   - n: Columns; C is updated up to the next multiple of ``packedColumnStep``.
///   - ldc: Elements from one row of C to the next, at least that multiple.
/// - Complexity: 2·m·n·k operations. Each sum is taken in the order of k, a part of the depth at a time.
public func addProduct(
  a: UnsafePointer<Float>, offsets: UnsafePointer<Int>, neighbours: Int, m: Int, n: Int, k: Int,
  packedB: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, ldc: Int
) {
  let call = ShiftedCall(depth: k, a: a, offsets: offsets, b: packedB, c: c, ldc: ldc)
  #if arch(arm64)
    ShiftedRows<SIMD4<Float>, 12>.add(m, n, neighbours, call)
  #else
    if TargetFeatures.hasAVX512 {
      ShiftedRows<SIMD16<Float>, 12>.add(m, n, neighbours, call)
    } else if TargetFeatures.hasAVX2 {
      ShiftedRows<SIMD8<Float>, 6>.add(m, n, neighbours, call)
    } else {
      ShiftedRows<SIMD4<Float>, 4>.add(m, n, neighbours, call)
    }
  #endif
}

/// What the kernels are given.
private struct ShiftedCall {
  var depth: Int
  var a: UnsafePointer<Float>
  var offsets: UnsafePointer<Int>
  var b: UnsafePointer<Float>
  var c: UnsafeMutablePointer<Float>
  var ldc: Int
}

/// Tiles of at most `most` rows and two vectors.
private enum ShiftedRows<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  /// A panel of B this deep stays in the first-level cache for all rows of A.
  private static var deepest: Int { 256 }

  static func add(_ m: Int, _ n: Int, _ neighbours: Int, _ call: ShiftedCall) {
    let step = 2 &* Vector.scalarCount
    for first in stride(from: 0, to: call.depth, by: deepest) {
      var part = call
      part.depth = min(deepest, call.depth &- first)
      part.a = call.a + first
      for column in stride(from: 0, to: n, by: step) {
        part.b = call.b + (column &* call.depth &+ first &* step)
        var groups = EvenTiles(height: m / neighbours, most: max(1, most / neighbours))
        while let (group, count) = groups.next() {
          part.offsets = call.offsets + group &* neighbours
          part.c = call.c + (group &* neighbours &* call.ldc &+ column)
          run(count, neighbours, part)
        }
      }
    }
  }

  private static func run(_ groups: Int, _ neighbours: Int, _ call: ShiftedCall) {
    switch neighbours {
    case 2: ShiftedGroups<Vector, 2, most>.run(groups, call)
    case 3: ShiftedGroups<Vector, 3, most>.run(groups, call)
    default: ShiftedGroups<Vector, 5, most>.run(groups, call)
    }
  }
}

/// Picks the kernel for the number of groups of neighbouring rows.
private enum ShiftedGroups<Vector: KernelVector, let neighbours: Int, let most: Int>
where Vector.Scalar == Float {
  @inline(__always)
  static func run(_ groups: Int, _ call: ShiftedCall) {
    switch groups {
    case 1: ShiftedKernel<Vector, 1, neighbours>.add(call)
    case 2 where most / neighbours > 1: ShiftedKernel<Vector, 2, neighbours>.add(call)
    case 3 where most / neighbours > 2: ShiftedKernel<Vector, 3, neighbours>.add(call)
    case 4 where most / neighbours > 3: ShiftedKernel<Vector, 4, neighbours>.add(call)
    case 5 where most / neighbours > 4: ShiftedKernel<Vector, 5, neighbours>.add(call)
    case 6 where most / neighbours > 5: ShiftedKernel<Vector, 6, neighbours>.add(call)
    default: return
    }
  }
}

/// A tile of `groups` times `neighbours` rows and two vectors, whose sums stay in registers; each group is written out for the
/// reason given at ``MicroKernel``.
private enum ShiftedKernel<Vector: KernelVector, let groups: Int, let neighbours: Int>
where Vector.Scalar == Float {
  typealias Tile = InlineArray<groups, InlineArray<neighbours, InlineArray<2, Vector>>>
  typealias Starts = InlineArray<groups, UnsafePointer<Float>>

  @inline(never)
  static func add(_ call: ShiftedCall) {
    var sums = Tile { _ in InlineArray { _ in InlineArray { _ in Vector() } } }
    var starts = Starts(repeating: call.a)
    for group in 0..<groups { starts[unchecked: group] += call.offsets[group &* neighbours] }
    var b = call.b
    for p in 0..<call.depth {
      let (left, right) = (Vector(at: b), Vector(at: b + Vector.scalarCount))
      add(starts, p, left, right, to: &sums, 0)
      add(starts, p, left, right, to: &sums, 1)
      add(starts, p, left, right, to: &sums, 2)
      add(starts, p, left, right, to: &sums, 3)
      add(starts, p, left, right, to: &sums, 4)
      add(starts, p, left, right, to: &sums, 5)
      b += 2 &* Vector.scalarCount
    }
    store(sums, call, 0)
    store(sums, call, 1)
    store(sums, call, 2)
    store(sums, call, 3)
    store(sums, call, 4)
    store(sums, call, 5)
  }

  /// Adds the products of a group's rows at one depth.
  @inline(__always)
  private static func add(
    _ starts: Starts, _ p: Int, _ left: Vector, _ right: Vector, to sums: inout Tile, _ group: Int
  ) {
    guard group < groups else { return }
    let start = starts[unchecked: group] + p
    for j in 0..<neighbours {
      let value = Vector(repeating: start[j])
      sums[unchecked: group][unchecked: j][unchecked: 0] =
        sums[unchecked: group][unchecked: j][unchecked: 0].plus(value, times: left)
      sums[unchecked: group][unchecked: j][unchecked: 1] =
        sums[unchecked: group][unchecked: j][unchecked: 1].plus(value, times: right)
    }
  }

  /// Adds a group's sums to its rows of C.
  @inline(__always)
  private static func store(_ sums: Tile, _ call: ShiftedCall, _ group: Int) {
    guard group < groups else { return }
    for j in 0..<neighbours {
      let row = call.c + (group &* neighbours &+ j) &* call.ldc
      let second = row + Vector.scalarCount
      (Vector(at: row) + sums[unchecked: group][unchecked: j][unchecked: 0]).store(to: row)
      (Vector(at: second) + sums[unchecked: group][unchecked: j][unchecked: 1]).store(to: second)
    }
  }
}
