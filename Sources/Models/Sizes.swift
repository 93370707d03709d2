import Tensors

/// Checks that a model's sizes are positive, and not so large that they must be a mistake.
///
/// - Throws: ``ShapeError``, naming the first that is not.
func checkSizes(of model: String, _ sizes: KeyValuePairs<String, Int>) throws {
  let most = 1 << 24
  if let (name, size) = sizes.first(where: { !(1...most).contains($0.value) }) {
    throw ShapeError(model, expected: "\(name) from 1 to \(most)", got: size)
  }
}
