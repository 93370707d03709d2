import Layers
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct InitializerTests {
  private func draw(_ initializer: Initializer, _ shape: Shape) throws -> [Float] {
    var random = RandomSource(seed: 3)
    return try initializer(shape, using: &random).array
  }

  private func deviation(_ values: [Float]) -> Float {
    (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
  }

  @Test(arguments: [
    (Initializer.glorotUniform, Float(2) / 500), (.glorotNormal, Float(2) / 500),
    (.heUniform, Float(2) / 300),
    (.heNormal, Float(2) / 300), (.normal(mean: 0, deviation: 0.5), 0.25), (.uniform(lower: -3, upper: 3), 3),
  ])
  func variancesAreThePapers(_ initializer: Initializer, variance: Float) throws {
    let values = try draw(initializer, [200, 300])
    #expect(abs(deviation(values) / variance.squareRoot() - 1) < 0.02)
  }

  @Test func uniformOnesStayInTheirBounds() throws {
    let bound = (Float(6) / 300).squareRoot()
    #expect(try draw(.heUniform, [200, 300]).allSatisfy { abs($0) <= bound })
    #expect(try draw(.constant(0.5), [3]) == [0.5, 0.5, 0.5])
  }

  @Test(arguments: [Shape([5, 3]), [3, 5], [4, 4], [4, 2, 3]]) func orthogonalOnesAreOrthogonal(
    _ shape: Shape
  ) throws {
    let weight = try draw(.orthogonal(gain: 2), shape)
    let (rows, columns) = (shape[0], shape.count / shape[0])
    let few = min(rows, columns)
    func element(_ i: Int, _ j: Int) -> Float {
      rows <= columns ? weight[i * columns + j] : weight[j * columns + i]
    }
    for a in 0..<few {
      for b in 0..<few {
        let product = (0..<max(rows, columns)).reduce(Float(0)) { $0 + element(a, $1) * element(b, $1) }
        #expect(abs(product - (a == b ? 4 : 0)) < 1e-5)
      }
    }
  }

  @Test func matricesAreAskedFor() {
    #expect(throws: ShapeError.self) { try draw(.heNormal, [3]) }
  }
}
