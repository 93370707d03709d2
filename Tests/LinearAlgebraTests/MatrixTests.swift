import LinearAlgebra
import TestSupport
import Testing

@Suite("Matrix", .onEveryBackend)
struct MatrixTests {
  @Test("elements are stored row by row")
  func elements() throws {
    var a = try Matrix<Double>([[1, 2, 3], [4, 5, 6]])
    #expect((a.rows, a.columns) == (2, 3))
    #expect(a.elements == [1, 2, 3, 4, 5, 6])
    #expect(try a == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect(a[1, 0] == 4)
    let copy = a
    a[1, 0] = 7
    #expect(a.elements == [1, 2, 3, 7, 5, 6])
    #expect(copy[1, 0] == 4)
  }

  @Test("the transpose")
  func transposed() throws {
    let a = try Matrix<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(try a.transposed == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(a.transposed.transposed == a)
    let empty = Matrix<Float>(repeating: 1, rows: 0, columns: 3).transposed
    #expect((empty.rows, empty.columns) == (3, 0))
  }

  @Test("identity, repeated value, empty matrix")
  func special() throws {
    #expect(try Matrix<Double>.identity(2) == Matrix([[1, 0], [0, 1]]))
    #expect(Matrix<Double>.identity(0).isEmpty)
    #expect(try Matrix<Float>(repeating: 7, rows: 2, columns: 1) == Matrix([[7], [7]]))
    #expect(try Matrix<Float>([]) == Matrix(repeating: 0, rows: 0, columns: 0))
    #expect(try Matrix<Float>([[], []]) == Matrix(repeating: 0, rows: 2, columns: 0))
  }

  @Test("a wrong count, ragged rows and impossible sizes are refused")
  func refused() {
    #expect(throws: MatrixError.shapes(operation: "Matrix.init", expected: "2 · 3 elements", got: "5")) {
      try Matrix<Float>(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5])
    }
    #expect(throws: MatrixError.self) { try Matrix<Float>(rows: -1, columns: -2, elements: [1, 2]) }
    #expect(throws: MatrixError.self) { try Matrix<Float>(rows: .max, columns: 2, elements: []) }
    #expect(
      throws: MatrixError.shapes(
        operation: "Matrix.init", expected: "2 elements in every row", got: "1 in row 2")
    ) {
      try Matrix<Double>([[1, 2], [3, 4], [5]])
    }
  }

  @Test("the description is the rows")
  func description() throws {
    #expect(try "\(Matrix<Double>([[1, 2], [3, 4.5]]))" == "[[1.0, 2.0],\n [3.0, 4.5]]")
    #expect(try "\(Matrix<Float>([]))" == "[]")
  }

  @Test("an index outside the matrix stops, even where the array has such an element")
  func outside() async {
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>(repeating: 0, rows: 2, columns: 2)[0, 2] }
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>(repeating: 0, rows: 2, columns: 2)[1, -1] }
  }
}
