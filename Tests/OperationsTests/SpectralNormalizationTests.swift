import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct SpectralNormalizationTests {
  @Test func byHand() throws {
    // diag(3, 4) stretches (0, 1) most.
    let weight = try Tensor([3, 0, 0, 4], shape: [2, 2])
    let axis = Tensor([0, 1])
    #expect(try spectralNormalization(weight, left: axis, right: axis).array == [0.75, 0, 0, 1])
    let start = Tensor([1, 1])
    let (left, right) = try powerIteration(of: weight, left: start, right: start)
    expectClose(left.array, [0.6, 0.8], tolerance: 1e-6)
    let norm = Float(1.8 * 1.8 + 3.2 * 3.2).squareRoot()
    expectClose(right.array, [1.8 / norm, 3.2 / norm], tolerance: 1e-6)
  }

  @Test(arguments: [[4, 7], [9, 3], [5, 2, 3, 1], [1, 6], [6, 1]] as [Shape])
  func powerIterationFindsTheLargestSingularValue(shape: Shape) throws {
    let weight = Tensor.normal(shape, seed: 5)
    let columns = shape.count / shape[0]
    let (left, right) = try powerIteration(
      of: weight, left: .normal([shape[0]], seed: 6), right: .normal([columns], seed: 7), iterations: 300)
    let exact = try Matrix(rows: shape[0], columns: columns, elements: weight.array).svd().singularValues[0]
    let normalized = try spectralNormalization(weight, left: left, right: right)
    expectClose(normalized.array, weight.array.map { $0 / exact }, tolerance: 1e-5)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    for shape in [[3, 4], [4, 2], [3, 2, 2], [1, 5]] as [Shape] {
      let weight = Tensor.normal(shape, seed: 8)
      let (left, right) = try powerIteration(
        of: weight, left: .normal([shape[0]], seed: 6), right: .normal([shape.count / shape[0]], seed: 7),
        iterations: 2)
      try checkGradients(at: [weight]) { try spectralNormalization($0[0], left: left, right: right) }
    }
  }

  @Test func wrongShapesThrow() {
    let (two, three) = (Tensor([1, 0]), Tensor([1, 0, 0]))
    let weight = Tensor.normal([2, 3], seed: 1)
    for (weight, left, right) in [
      (weight, three, two), (weight, two, two), (two, two, three), (.zeros([0, 3]), .zeros([0]), three),
    ] {
      #expect(throws: ShapeError.self) { try spectralNormalization(weight, left: left, right: right) }
      #expect(throws: ShapeError.self) { try powerIteration(of: weight, left: left, right: right) }
    }
    #expect(throws: ShapeError.self) {
      try spectralNormalization(.zeros([2, 3]), left: two, right: three)
    }
    #expect(throws: ShapeError.self) {
      try powerIteration(of: weight, left: two, right: three, iterations: -1)
    }
  }
}
