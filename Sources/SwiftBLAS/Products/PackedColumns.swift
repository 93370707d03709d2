// Products with a matrix that is packed once and used many times, as the weights of a recurrent layer are: at every step.
//
// Each element is computed by the same operations in the same order as by `gemm`.

/// The columns that ``packColumns(transposed:k:n:b:ldb:to:depth:)`` puts side by side: at every multiple of it a part of the packed
/// matrix begins that is one itself, `k` elements a column on.
public var packedColumnStep: Int {
  #if arch(arm64)
    PackedColumns<SIMD4<Float>, 12>.step
  #else
    if TargetFeatures.hasAVX512 {
      PackedColumns<SIMD16<Float>, 12>.step
    } else if TargetFeatures.hasAVX2 {
      PackedColumns<SIMD8<Float>, 6>.step
    } else {
      PackedColumns<SIMD4<Float>, 4>.step
    }
  #endif
}

/// Copies op(B), `k` × `n`, into the order in which ``gemm(m:n:k:a:lda:packedB:beta:c:ldc:)`` reads it.
///
/// - Parameters:
///   - transposed: Whether op(B) is the transpose of the row-major matrix at `b`.
///   - ldb: Elements from one stored row of B to the next.
///   - target: Room for `depth` times `n` elements, `n` rounded up to the next multiple of ``packedColumnStep``.
///   - depth: The depth of the matrix that is packed; more than `k`, the default, if this is a part of it, whose place is
///     ``packedColumnStep`` elements farther for each depth before it.
public func packColumns(
  transposed: Bool, k: Int, n: Int, b: UnsafePointer<Float>, ldb: Int, to target: UnsafeMutablePointer<Float>,
  depth: Int? = nil
) {
  let depth = depth ?? k
  let b = StridedMatrix(b, step: ldb, transposed: transposed)
  #if arch(arm64)
    PackedColumns<SIMD4<Float>, 12>.pack(b, k, n, to: target, depth)
  #else
    if TargetFeatures.hasAVX512 {
      PackedColumns<SIMD16<Float>, 12>.pack(b, k, n, to: target, depth)
    } else if TargetFeatures.hasAVX2 {
      PackedColumns<SIMD8<Float>, 6>.pack(b, k, n, to: target, depth)
    } else {
      PackedColumns<SIMD4<Float>, 4>.pack(b, k, n, to: target, depth)
    }
  #endif
}

/// C ← A · B + β · C for a row-major A and a B in the order of ``packColumns(transposed:k:n:b:ldb:to:depth:)``.
///
/// - Parameters:
///   - k: Columns of A and rows of B, at least one.
///   - lda: Elements from one row of A to the next.
///   - beta: β; where it is 0, C is written unread.
///   - ldc: Elements from one row of C to the next.
///   - next: What is read or written after the product: it is fetched into the second-level cache meanwhile.
/// - Complexity: 2·m·n·k operations.
public func gemm(
  m: Int, n: Int, k: Int, a: UnsafePointer<Float>, lda: Int, packedB: UnsafePointer<Float>, beta: Float,
  c: UnsafeMutablePointer<Float>, ldc: Int, next: InlineArray<2, UnsafeRawBufferPointer>? = nil
) {
  #if arch(arm64)
    PackedColumns<SIMD4<Float>, 12>.multiply(m, n, k, a, lda, packedB, beta, c, ldc, next)
  #else
    if TargetFeatures.hasAVX512 {
      PackedColumns<SIMD16<Float>, 12>.multiply(m, n, k, a, lda, packedB, beta, c, ldc, next)
    } else if TargetFeatures.hasAVX2 {
      PackedColumns<SIMD8<Float>, 6>.multiply(m, n, k, a, lda, packedB, beta, c, ldc, next)
    } else {
      PackedColumns<SIMD4<Float>, 4>.multiply(m, n, k, a, lda, packedB, beta, c, ldc, next)
    }
  #endif
}

/// Panels of two vectors, each of all depths; tiles of at most `most` rows.
private enum PackedColumns<Vector: KernelVector, let most: Int> where Vector.Scalar == Float {
  typealias Blocked = BlockedProduct<Vector, most, 2>

  static var step: Int { Blocked.panel }

  static func pack(
    _ b: StridedMatrix<Float>, _ k: Int, _ n: Int, to target: UnsafeMutablePointer<Float>, _ depth: Int
  ) {
    for column in stride(from: 0, to: n, by: step) {
      Packing.pack(
        b.pointer(0, column), count: min(step, n &- column), lineStep: b.columnStep, depth: k,
        depthStep: b.rowStep, to: target + column &* depth, width: step)
    }
  }

  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ lda: Int, _ packedB: UnsafePointer<Float>,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int,
    _ next: InlineArray<2, UnsafeRawBufferPointer>?
  ) {
    let deepest = BlockingPlan.depth(of: k, panelBytes: step &* MemoryLayout<Float>.stride)
    var ahead = LinesAhead()
    if let next {
      let blocks = ((n &+ step &- 1) / step) &* ((k &+ deepest &- 1) / deepest)
      let fetches = blocks &* ((m &+ most &- 1) / most) &* MicroKernel<Vector, most, 2>.fetches
      ahead.near = LinesAhead.Lines(of: next[0], times: fetches)
      ahead.far = LinesAhead.Lines(of: next[1], times: fetches)
    }
    Workspace.withMemory(of: Float.self, count: n % Vector.scalarCount == 0 ? 0 : most &* step) { tile in
      for column in stride(from: 0, to: n, by: step) {
        for depth in stride(from: 0, to: k, by: deepest) {
          let panel = UnsafeMutablePointer(mutating: packedB + (column &* k &+ depth &* step))
          let block = Blocked.Block(
            depth: min(deepest, k &- depth), height: m, width: min(step, n &- column), alpha: 1,
            beta: depth == 0 ? beta : 1, a: StridedMatrix(a + depth, step: lda, transposed: false),
            b: StridedMatrix(panel, step: step, transposed: false), c: c + column, ldc: ldc, packedA: nil,
            packedB: panel, tile: tile)
          var tiles = EvenTiles(height: m, most: most)
          while let (row, count) = tiles.next() {
            Blocked.multiplyTile(block, row, count, 0, (UnsafePointer(panel), step), &ahead)
          }
        }
      }
    }
  }
}
