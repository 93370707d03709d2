/// What is done with the micro-kernels for a number of rows that is known only when the product runs.
protocol TileHeightCall<Vector> {
  associatedtype Vector: KernelVector where Vector.Scalar == Float

  /// - Parameters:
  ///   - narrow: The kernel for one vector of columns.
  ///   - wide: The kernel for two.
  func run<let rows: Int>(
    _ narrow: MicroKernel<Vector, rows, 1>.Type, _ wide: MicroKernel<Vector, rows, 2>.Type)
}

/// Kernels for tiles of at most `most` rows.
enum TileHeights<let most: Int> {
  @inline(__always)
  static func run<Vector>(_ rows: Int, _ call: some TileHeightCall<Vector>) {
    switch rows {
    case 1: call.run(MicroKernel<Vector, 1, 1>.self, MicroKernel<Vector, 1, 2>.self)
    case 2: call.run(MicroKernel<Vector, 2, 1>.self, MicroKernel<Vector, 2, 2>.self)
    case 3: call.run(MicroKernel<Vector, 3, 1>.self, MicroKernel<Vector, 3, 2>.self)
    case 4: call.run(MicroKernel<Vector, 4, 1>.self, MicroKernel<Vector, 4, 2>.self)
    case 5: call.run(MicroKernel<Vector, 5, 1>.self, MicroKernel<Vector, 5, 2>.self)
    case 6: call.run(MicroKernel<Vector, 6, 1>.self, MicroKernel<Vector, 6, 2>.self)
    default:
      guard most > 6 else { return }
      switch rows {
      case 7: call.run(MicroKernel<Vector, 7, 1>.self, MicroKernel<Vector, 7, 2>.self)
      case 8: call.run(MicroKernel<Vector, 8, 1>.self, MicroKernel<Vector, 8, 2>.self)
      case 9: call.run(MicroKernel<Vector, 9, 1>.self, MicroKernel<Vector, 9, 2>.self)
      case 10: call.run(MicroKernel<Vector, 10, 1>.self, MicroKernel<Vector, 10, 2>.self)
      case 11: call.run(MicroKernel<Vector, 11, 1>.self, MicroKernel<Vector, 11, 2>.self)
      default: call.run(MicroKernel<Vector, 12, 1>.self, MicroKernel<Vector, 12, 2>.self)
      }
    }
  }
}
