import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

/// The fast products against the direct loops, over random geometries and into poisoned memory.
@Suite(.onEveryBackend) struct ConvolutionProductsTests {
  @Test func agreeWithTheDirectLoops() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("ConvolutionProductsTests: seed \(seed)")
    var random = RandomSource(seed: seed)
    for round in 0..<100 {
      let geometry = ConvolutionGeometry.random(
        examples: 1...3, groups: 1...3, inputs: 1...2, outputs: round % 3 > 0 ? 1...3 : 16...35,
        margins: 0...3,
        kernel: 1...3, dilation: 1...3, &random)
      try checkProducts(of: geometry, &random, "seed \(seed)")
    }
  }

  /// Sums in several pieces, several examples at a time, and more channels than a tile has.
  @Test func largeOnesAgreeToo() throws {
    var random = RandomSource(seed: 4)
    let cases: [(image: Shape, outputs: Int, kernel: Extent, stride: Extent, groups: Int)] = [
      ([1, 3, 40, 41], 70, 3, 1, 1), ([1, 40, 40, 41], 8, 3, 1, 1), ([1, 40, 40, 41], 8, 3, 2, 1),
      ([2, 20, 33, 29], 24, 4, 2, 2), ([9, 30, 6, 5], 13, 3, 1, 1),
      ([3, 12, 1, 700], 17, Extent(height: 1, width: 5), Extent(height: 1, width: 3), 1),
      ([2, 6, 21, 19], 40, 4, 2, 1), ([2, 5, 20, 18], 33, 5, 1, 1),
      ([5, 8, 20, 20], 8, 5, 1, 8), ([2, 3, 1, 90], 4, Extent(height: 1, width: 61), 1, 1),
    ]
    for (image, outputs, kernel, stride, groups) in cases {
      for padding in [Padding.valid, .same] {
        try checkProducts(
          of: ConvolutionGeometry(
            image: image, outputs: outputs, kernel: kernel, stride: stride, padding: padding, groups: groups),
          &random, "large")
      }
    }
  }

  /// A filter so deep that a matrix of columns holds less than a row of windows, and one that holds several rows.
  @Test func manyMatricesOfColumnsAreOne() throws {
    let cases: [(Shape, Extent)] = [
      ([1, 1, 3, 40], Extent(height: 3, width: 181 * 181)), ([2, 1, 9, 9], 181), ([1, 1, 9, 9], 100),
    ]
    for (image, kernel) in cases {
      let geometry = try ConvolutionGeometry(
        image: image, outputs: 1, kernel: kernel,
        padding: .margins(Margins(height: 91, width: kernel.width / 2)))
      var count = 0
      geometry.forEachColumns { columns in
        #expect(columns.start == count)
        #expect(columns.count * geometry.filter <= geometry.columnElements)
        count += columns.count
      }
      #expect(count == geometry.windows)
      #expect(geometry.columnElements < geometry.windows * geometry.filter)
    }
  }

  @Test func cutIntoManyMatricesTheSumsAreTheSame() throws {
    // 8192 weights a filter leave 64 windows to a matrix: part of a row of 70.
    let geometry = try ConvolutionGeometry(image: [1, 512, 85], outputs: 1, kernel: 16)
    #expect(geometry.columnElements < geometry.windows * geometry.filter)
    let image = Tensor(repeating: 1, shape: geometry.imageShape)
    let weight = Tensor(repeating: 1, shape: geometry.weightShape)
    let sum = try convolution(image, weight: weight, bias: nil)
    #expect(sum.array.allSatisfy { $0 == Float(geometry.filter) })
  }

  /// A convolution of single pixels, and one whose windows are far apart in their frame, are products of the backend, also
  /// on the threads that share them; another needs none.
  @Test func whatIsNotFramedGoesThroughTheBackend() throws {
    func products(_ image: Shape, _ weight: Shape, _ padding: Padding = .valid) throws
      -> [ObservedBackend.Product]
    {
      let log = ProductLog()
      try BLAS.$backend.withValue(log.backend) {
        let tape = Tape()
        let (x, w) = (tape.watch(.normal(image, seed: 1)), tape.watch(.normal(weight, seed: 2)))
        let y = try convolution(x, weight: w, bias: nil, padding: padding)
        _ = try tape.gradients(of: meanSquaredError(y, .zeros(y.shape)))
      }
      return log.products
    }
    #expect(
      try products([1, 2, 5, 5], [3, 2, 1, 1]) == [
        .gemm(.none, .none, m: 3, n: 25, k: 2),
        .gemm(.transposed, .none, m: 2, n: 25, k: 3),
        .gemm(.none, .transposed, m: 3, n: 2, k: 25),
      ])
    #expect(
      try products([1, 2, 3, 3], [3, 2, 7, 7], .same) == [
        .gemm(.none, .none, m: 3, n: 9, k: 98),
        .gemm(.transposed, .none, m: 98, n: 9, k: 3),
        .gemm(.none, .transposed, m: 3, n: 98, k: 9),
      ])
    #expect(try products([1, 2, 5, 5], [3, 2, 2, 2]).isEmpty)
    // Where the kernel is as large as the image, the way back over a frame would take nine times the windows' products.
    #expect(
      try products([1, 2, 3, 3], [4, 2, 3, 3]) == [.gemv(.transposed, rows: 4, columns: 18)])
    let log = ProductLog()
    try BLAS.$backend.withValue(log.backend) {
      _ = try convolution(.zeros([8, 16, 24, 24]), weight: .zeros([16, 16, 1, 1]), bias: nil)
    }
    #expect(log.products == Array(repeating: .gemm(.none, .none, m: 16, n: 576, k: 16), count: 8))
  }
}
