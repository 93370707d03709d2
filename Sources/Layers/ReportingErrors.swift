import Tensors

/// Calls `body`; its ``ShapeError`` is thrown on as one of `site`: of a layer that is made of others.
///
///     public func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor {
///       try reportingErrors(as: self) { try heaviside(neurons(input, in: pass)) }
///     }
public func reportingErrors<Result>(
  as site: some CustomStringConvertible, _ body: () throws -> Result
) throws -> Result {
  do {
    return try body()
  } catch let error as ShapeError {
    throw ShapeError(site, expected: error.expected, got: error.got)
  }
}
