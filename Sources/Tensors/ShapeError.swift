/// Something given to an operation or a layer does not fit: what was asked, what came, and where.
///
/// Prints as one line a person can act on: `hidden2: Dense(784 → 128) expects [batch, 784], got [3, 5]`.
public struct ShapeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The layer's place in the model, outermost name first; empty outside a model.
  public private(set) var path: [String] = []

  /// The operation or layer that was called.
  public let site: String

  /// What it expects.
  public let expected: String

  /// What it was given.
  public let got: String

  /// An error at a site, with the expectation and what came as they should be read.
  public init(_ site: some CustomStringConvertible, expected: String, got: some CustomStringConvertible) {
    self.site = site.description
    self.expected = expected
    self.got = got.description
  }

  /// This error seen from outside the named layer.
  public func within(_ name: String) -> ShapeError {
    var error = self
    error.path.insert(name, at: 0)
    return error
  }

  public var description: String {
    (path.isEmpty ? "" : path.joined(separator: ".") + ": ") + "\(site) expects \(expected), got \(got)"
  }
}
