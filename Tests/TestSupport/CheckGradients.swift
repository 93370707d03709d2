import Tensors
import Testing

/// Compares the gradient of a function of tensors, as the tape gives it, with finite differences.
///
/// The function's output is made one number by a random weight for each element, so that every element of every error
/// term is exercised. The differences are central and extrapolated to step zero (Richardson), which leaves an error near
/// the square root of the precision; `tolerance` is relative to the largest element of the gradient at hand.
///
/// - Parameters:
///   - inputs: where to differentiate; keep them a few `step`s away from kinks.
///   - function: what to differentiate, by any number of operations.
public func checkGradients(
  at inputs: [Tensor], step: Float = 0x1p-6, tolerance: Float = 1e-3, seed: UInt64 = 1,
  sourceLocation: SourceLocation = #_sourceLocation, of function: ([Tensor]) throws -> Tensor
) throws {
  var random = RandomSource(seed: seed)
  let weights = try Tensor.normal(function(inputs).shape, &random)
  func value(_ inputs: [Tensor]) throws -> Double { try weightedSum(function(inputs), weights) }

  let tape = Tape()
  let output = try function(inputs.map(tape.watch))
  let total = try Tensor(scalar: 0).recorded(from: output) { WeightedSum(weights: weights) }
  let gradients = try tape.gradients(of: total)

  for (position, input) in inputs.enumerated() {
    let expected = try (0..<input.count).map { element -> Float in
      func slope(_ step: Float) throws -> Double {
        var (above, below) = (inputs, inputs)
        above[position].withUnsafeMutableElements { $0[element] += step }
        below[position].withUnsafeMutableElements { $0[element] -= step }
        return try (value(above) - value(below)) / (2 * Double(step))
      }
      return try Float((4 * slope(step / 2) - slope(step)) / 3)
    }
    let got = gradients[position]?.array ?? Array(repeating: 0, count: input.count)
    let scale = max(expected.map(abs).max() ?? 0, 1e-3)
    for (element, (expected, got)) in zip(expected, got).enumerated() {
      #expect(
        abs(expected - got) <= tolerance * scale,
        "input \(position), element \(element): gradient \(got), difference quotient \(expected)",
        sourceLocation: sourceLocation)
    }
  }
}

private func weightedSum(_ values: Tensor, _ weights: Tensor) -> Double {
  zip(values.array, weights.array).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// The last operation of a sum whose error terms a test decides.
struct WeightedSum: DifferentiableOperation {
  let weights: Tensor

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) { inputs.add(weights, to: 0) }
}

extension Tensor {
  /// A tensor of normally distributed elements.
  public static func normal(_ shape: Shape, _ random: inout RandomSource) -> Tensor {
    Tensor(shape: shape) { for index in $0.indices { $0[index] = random.normal() } }
  }

  /// A tensor of normally distributed elements that follow from the seed.
  public static func normal(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = RandomSource(seed: seed)
    return normal(shape, &random)
  }
}
