/// Why an operation on a ``Matrix`` has no result.
///
/// Its description is one line that names the operation, what it expects and what it got.
public enum MatrixError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The sizes do not fit together.
  case shapes(operation: String, expected: String, got: String)
  /// A square matrix has no inverse: elimination met only zeros in column `pivot`, counted from 0.
  case singular(operation: String, pivot: Int)
  /// An iteration did not arrive.
  case noConvergence(operation: String)
  /// An element is infinite or not a number.
  case notFinite(operation: String, got: String)
  /// The library beneath refused, for want of memory above all; `status` is its own number for the reason.
  case failed(operation: String, status: Int)

  /// One line: the operation, what it expects, what it got.
  public var description: String {
    switch self {
    case .shapes(let operation, let expected, let got):
      "\(operation) expects \(expected), got \(got)"
    case .singular(let operation, let pivot):
      "\(operation) expects an invertible matrix, got a singular one: pivot \(pivot) is zero"
    case .noConvergence(let operation):
      "\(operation) expects a matrix its iteration converges for, got one it does not"
    case .notFinite(let operation, let got):
      "\(operation) expects finite elements, got \(got)"
    case .failed(let operation, let status):
      "\(operation) expects its library to succeed, got status \(status)"
    }
  }
}
