import LinearAlgebra
import TestSupport
import Testing

@Suite("Matrix arithmetic", .onEveryBackend)
struct MatrixArithmeticTests {
  @Test("sum, difference, scaling")
  func elementwise() throws {
    let a = try Matrix<Double>([[1, 2], [3, 4]])
    let b = try Matrix<Double>([[10, 20], [30, 40]])
    #expect(try a + b == Matrix([[11, 22], [33, 44]]))
    #expect(try b - a == Matrix([[9, 18], [27, 36]]))
    #expect(try 2 * a == Matrix([[2, 4], [6, 8]]))
    #expect(a * 2 == 2 * a)
    #expect(-a == -1 * a)
  }

  @Test("other shapes are refused, also those with as many elements")
  func refused() {
    let a = Matrix<Float>(repeating: 1, rows: 2, columns: 3)
    #expect(throws: MatrixError.shapes(operation: "Matrix.+", expected: "[2, 3]", got: "[3, 2]")) {
      try a + a.transposed
    }
    #expect(throws: MatrixError.shapes(operation: "Matrix.-", expected: "[3, 2]", got: "[2, 3]")) {
      try a.transposed - a
    }
  }

  @Test("the Frobenius norm, also of very large and very small elements")
  func norm() throws {
    #expect(try Matrix<Double>([[3, 0], [0, 4]]).norm == 5)
    #expect(try Matrix<Float>([[3e30, 4e30]]).norm == 5e30)
    #expect(try Matrix<Double>([[0x3p-1000, -0x4p-1000]]).norm == 0x5p-1000)
    #expect(try Matrix<Float>([]).norm == 0)
    #expect(Matrix<Float>(repeating: 0, rows: 2, columns: 2).norm == 0)
    #expect(try Matrix<Float>([[1, -.infinity]]).norm == .infinity)
    #expect(try Matrix<Float>([[.nan, .infinity]]).norm.isNaN)
    #expect(Matrix<Float>(repeating: .greatestFiniteMagnitude, rows: 1, columns: 1).norm.isFinite)
    #expect(
      Matrix<Float>(repeating: .leastNonzeroMagnitude, rows: 2, columns: 2).norm == 2 * .leastNonzeroMagnitude
    )
  }

  @Test("the norm of a large matrix keeps its digits")
  func largeNorm() {
    let norm = Matrix<Float>(repeating: 0.1, rows: 3000, columns: 3000).norm
    #expect(abs(norm - 300) < 300 * 1e-4)
  }
}
