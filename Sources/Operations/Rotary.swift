import Tensors

/// Which two elements of a head's vector are turned together as the coordinates of a plane.
public enum RotaryPairing: String, Sendable, Hashable, Codable {
  /// Elements 2i and 2i + 1: the paper's own, and GPT-J's.
  case neighbours
  /// Elements i and i + width/2: LLaMA's and GPT-NeoX's, as their weights are published.
  case halves
}

/// A sequence whose vectors are turned by angles that grow with their place, so that the product of two of them depends on
/// how far apart they are.
///
///     (x_a, x_b) → (x_a cos tθᵢ − x_b sin tθᵢ,  x_a sin tθᵢ + x_b cos tθᵢ)     θᵢ = base^(−2i/width)
///
/// | value | shape |
/// |---|---|
/// | `input`, output | `[…, length, heads · width]` |
///
/// for each pair i = 0, 1, …, width/2 − 1 of each head; `pairing` says which elements a and b are. t is the place, counted
/// from `start`. Source: Su et al., "RoFormer", 2021, equation 34.
///
/// - Parameters:
///   - heads: how many vectors lie side by side in the last axis, each turned alike.
///   - start: the place of the first element; more than 0 where a sequence is continued.
/// - Throws: ``ShapeError`` if a head's width is not even, or `base` or `start` is negative.
public func rotary(
  _ input: Tensor, heads: Int = 1, startingAt start: Int = 0, pairing: RotaryPairing = .neighbours,
  base: Float = 10_000
) throws -> Tensor {
  guard input.shape.rank >= 2, heads > 0, input.shape[-1] % heads == 0,
    input.shape[-1] / heads % 2 == 0
  else {
    throw ShapeError(
      "rotary", expected: "[…, length, heads · width], an even width and \(heads) heads", got: input.shape)
  }
  guard start >= 0, start <= 1 << 40, base > 0, base.isFinite else {
    throw ShapeError("rotary", expected: "a place from 0 on and a base above 0", got: "\(start) and \(base)")
  }
  let turn = Rotary(
    length: input.shape[-2], heads: heads, width: input.shape[-1] / heads, start: start, pairing: pairing,
    base: Double(base))
  var output = input.detached
  output.withUnsafeMutableElements { turn.apply(to: $0, direction: 1) }
  return try output.recorded(from: input) { turn }
}

/// In the forward run y = Rx with R a rotation of each pair; therefore the error term of x is Rᵀe, the error term turned
/// back by the same angle.
private struct Rotary: DifferentiableOperation {
  let length: Int
  let heads: Int
  let width: Int
  let start: Int
  let pairing: RotaryPairing
  let base: Double

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    error.withUnsafeMutableElements { apply(to: $0, direction: -1) }
    inputs.add(error, to: 0)
  }

  /// Turns all vectors forth or, with `direction` −1, back.
  func apply(to values: UnsafeMutableBufferPointer<Float>, direction: Float) {
    guard let first = values.baseAddress, values.count > 0 else { return }
    let (pairs, row) = (width / 2, heads * width)
    let (step, partner) = pairing == .neighbours ? (2, 1) : (1, pairs)
    var angles = PlaceAngles(width: width, start: start, base: base)
    for place in 0..<length {
      for sequence in 0..<values.count / (length * row) {
        for head in 0..<heads {
          let vector = first + (sequence * length + place) * row + head * width
          for pair in 0..<pairs {
            let (cosine, sine) = (angles.cosines[pair], direction * angles.sines[pair])
            let (a, b) = (vector[pair * step], vector[pair * step + partner])
            vector[pair * step] = a * cosine - b * sine
            vector[pair * step + partner] = a * sine + b * cosine
          }
        }
      }
      angles.advance()
    }
  }
}
