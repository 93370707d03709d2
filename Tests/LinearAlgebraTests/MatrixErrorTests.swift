import LinearAlgebra
import Testing

@Suite("Matrix errors")
struct MatrixErrorTests {
  @Test("a description is one line: the operation, what it expects, what it got")
  func descriptions() {
    let errors: [MatrixError] = [
      .shapes(operation: "Matrix.+", expected: "[2, 3]", got: "[3, 2]"),
      .singular(operation: "Matrix.solve", pivot: 1),
      .noConvergence(operation: "Matrix.svd"),
      .notFinite(operation: "Matrix.qr", got: "nan at [0, 1] of the matrix"),
      .failed(operation: "Matrix.qr", status: -1010),
    ]
    #expect(
      errors.map(\.description) == [
        "Matrix.+ expects [2, 3], got [3, 2]",
        "Matrix.solve expects an invertible matrix, got a singular one: pivot 1 is zero",
        "Matrix.svd expects a matrix its iteration converges for, got one it does not",
        "Matrix.qr expects finite elements, got nan at [0, 1] of the matrix",
        "Matrix.qr expects its library to succeed, got status -1010",
      ])
  }
}
