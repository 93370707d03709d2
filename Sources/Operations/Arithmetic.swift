import LinearAlgebra
import Tensors

// Elements meet as in NumPy: shapes are aligned at their last axes, and an axis of size 1, or one that is lacking, is
// repeated. Shapes that do not go together throw, and so these operators are written behind a `try`:
//
//     let scaled = try (x - mean(x, along: [0])) * gain + 1
extension Tensor {
  /// a + b, element by element, with broadcasting.
  public static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try Broadcasting(a.shape, b.shape, site: "+").combine(a, b, by: Addition.self)
      .recorded(from: a, b) { Sum(shapes: [a.shape, b.shape], secondSign: 1) }
  }

  /// a − b, element by element, with broadcasting.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try Broadcasting(a.shape, b.shape, site: "-").combine(a, b, by: Subtraction.self)
      .recorded(from: a, b) { Sum(shapes: [a.shape, b.shape], secondSign: -1) }
  }

  /// a · b, element by element, with broadcasting. The product of matrices is ``matrixProduct(_:_:)``.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor {
    try Broadcasting(a.shape, b.shape, site: "*").combine(a, b, by: Multiplication.self)
      .recorded(from: a, b) { Product(a: a.kept(for: b), b: b.kept(for: a), shapes: [a.shape, b.shape]) }
  }

  /// a / b, element by element, with broadcasting.
  public static func / (a: Tensor, b: Tensor) throws -> Tensor {
    try Broadcasting(a.shape, b.shape, site: "/").combine(a, b, by: Division.self)
      .recorded(from: a, b) { Quotient(a: a.kept(for: b), b: b.detached, aShape: a.shape) }
  }

  /// −a.
  public static prefix func - (a: Tensor) throws -> Tensor { try a * -1 }

  /// The sum with a number.
  public static func + (a: Tensor, b: Float) throws -> Tensor { try a + Tensor(scalar: b) }
  /// The sum with a number.
  public static func + (a: Float, b: Tensor) throws -> Tensor { try Tensor(scalar: a) + b }
  /// The difference from a number.
  public static func - (a: Tensor, b: Float) throws -> Tensor { try a - Tensor(scalar: b) }
  /// The difference from a number.
  public static func - (a: Float, b: Tensor) throws -> Tensor { try Tensor(scalar: a) - b }
  /// The product with a number.
  public static func * (a: Tensor, b: Float) throws -> Tensor { try a * Tensor(scalar: b) }
  /// The product with a number.
  public static func * (a: Float, b: Tensor) throws -> Tensor { try Tensor(scalar: a) * b }
  /// The quotient with a number.
  public static func / (a: Tensor, b: Float) throws -> Tensor { try a / Tensor(scalar: b) }
  /// The quotient with a number.
  public static func / (a: Float, b: Tensor) throws -> Tensor { try Tensor(scalar: a) / b }

  /// This factor as a constant, if the other one's gradient will ask for it.
  private func kept(for other: Tensor) -> Tensor? { other.record == nil ? nil : detached }
}

/// In the forward run y = a ± b; therefore the error term of a is that of y, and that of b the same or its opposite, each
/// summed over the places where an element was repeated.
private struct Sum: DifferentiableOperation {
  let shapes: [Shape]
  let secondSign: Float

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    if inputs.wants(1) {
      var term = try error.summed(to: shapes[1], site: "+")
      if secondSign != 1 { term.scale(by: secondSign) }
      inputs.add(term, to: 1)
    }
    if inputs.wants(0) { try inputs.add(error.summed(to: shapes[0], site: "+"), to: 0) }
  }
}

/// In the forward run y = ab; therefore the error term of a is that of y times b, the gradient here, and the other way
/// round, each summed over the places where an element was repeated.
private struct Product: DifferentiableOperation {
  let a: Tensor?
  let b: Tensor?
  let shapes: [Shape]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    for (input, other) in [(0, b), (1, a)] where inputs.wants(input) {
      guard let other else { continue }
      let product = try Broadcasting(error.shape, other.shape, site: "*")
        .combine(error, other, by: Multiplication.self)
      try inputs.add(product.summed(to: shapes[input], site: "*"), to: input)
    }
  }
}

/// In the forward run y = a/b; therefore the error term of a is that of y times 1/b, and that of b the one of a times −a/b,
/// each summed over the places where an element was repeated.
private struct Quotient: DifferentiableOperation {
  let a: Tensor?
  let b: Tensor
  let aShape: Shape

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) throws {
    let broadcasting = try Broadcasting(error.shape, b.shape, site: "/")
    let quotient = broadcasting.combine(error, b, by: Division.self)
    if inputs.wants(0) { try inputs.add(quotient.summed(to: aShape, site: "/"), to: 0) }
    guard inputs.wants(1), let a else { return }
    let product = try Broadcasting(quotient.shape, a.shape, site: "/")
      .combine(quotient, a, by: Multiplication.self)
    var term = try broadcasting.combine(product, b, by: Division.self).summed(to: b.shape, site: "/")
    term.scale(by: -1)
    inputs.add(term, to: 1)
  }
}

private enum Addition: PairFunction {
  static func value(_ a: Float, _ b: Float) -> Float { a + b }
}

private enum Subtraction: PairFunction {
  static func value(_ a: Float, _ b: Float) -> Float { a - b }
}

private enum Multiplication: PairFunction {
  static func value(_ a: Float, _ b: Float) -> Float { a * b }
}

private enum Division: PairFunction {
  static func value(_ a: Float, _ b: Float) -> Float { a / b }
}
