import LinearAlgebra
import Operations
import Tensors

/// What keeps a critic's slope near 1: the mean over the batch of (‖∇ₓ D(x)‖ − 1)².
///
/// | value | shape |
/// |---|---|
/// | `inputs` x | `[batch, …]`, the points where the slope is measured |
/// | output | `[]` |
///
/// ‖∇ₓ D(x)‖ is the Euclidean norm over all elements of an example; several scores of an example are added up. The
/// gradient of the penalty with respect to the critic's parameters, a gradient of a gradient, is exact: with u =
/// ∇ₓ D / ‖∇ₓ D‖ held constant, ‖∇ₓ D‖ = uᵀ ∇ₓ D, and d‖∇ₓ D‖/dθ = d(uᵀ ∇ₓ D)/dθ, where uᵀ ∇ₓ D is how fast D changes
/// along u: what a ``TangentLayer`` computes. The derivation is in `docs/gradients/gradient-penalty.md`.
///
/// The examples of a batch must not influence each other in the critic: it can have no batch normalization.
/// Source: Gulrajani et al., "Improved training of Wasserstein GANs", 2017, equation 3, where a weight λ = 10 stands before
/// the penalty.
///
/// - Parameter norm: the slope that is wanted.
/// - Throws: ``ShapeError`` if the inputs do not fit, or a layer of the critic is no ``TangentLayer``.
/// - Complexity: a run of the critic forward and back, and two forward that the tape records.
public func gradientPenalty(
  of critic: some TangentLayer, at inputs: Tensor, norm: Float = 1, in pass: Pass = .inference
) throws -> Tensor {
  guard inputs.shape.rank > 0, inputs.count > 0 else {
    throw ShapeError("gradientPenalty", expected: "inputs [batch, …], not empty", got: inputs.shape)
  }
  let directions = try steepestDirections(of: critic, at: inputs.detached, in: pass)
  let slopes = try critic(inputs, along: directions, in: pass).tangent
  guard slopes.shape.rank > 0, slopes.shape[0] == inputs.shape[0] else {
    throw ShapeError("gradientPenalty", expected: "scores [batch, …] from the critic", got: slopes.shape)
  }
  return try mean(square(sum(slopes, along: Array(1..<slopes.shape.rank)) - norm))
}

/// The penalty at points between real and generated examples, a random one on the line between each pair.
///
/// | value | shape |
/// |---|---|
/// | `real`, `generated` | `[batch, …]`, both the same; constants |
/// | output | `[]` |
///
/// - Throws: as ``gradientPenalty(of:at:norm:in:)``, and if the shapes differ or the pass is one of inference, which has no
///   randomness of its own.
public func gradientPenalty(
  of critic: some TangentLayer, between real: Tensor, and generated: Tensor, norm: Float = 1, in pass: Pass
) throws -> Tensor {
  guard real.shape == generated.shape, real.shape.rank > 0 else {
    throw ShapeError(
      "gradientPenalty", expected: "as many generated examples as real ones \(real.shape)",
      got: generated.shape)
  }
  guard pass.mode == .training else {
    throw ShapeError("gradientPenalty", expected: "a pass of training", got: "one of inference")
  }
  var random = pass.splitRandomness()
  let sizes = [real.shape[0]] + Array(repeating: 1, count: real.shape.rank - 1)
  let place = Tensor(shape: Shape(sizes)) { for index in $0.indices { $0[index] = random.uniform() } }
  let points = try generated.detached + place * (real.detached - generated.detached)
  return try gradientPenalty(of: critic, at: points, norm: norm, in: pass)
}

/// ∇ₓ D(x) / ‖∇ₓ D(x)‖ for each example; zero where the critic is flat.
private func steepestDirections(of critic: some TangentLayer, at inputs: Tensor, in pass: Pass) throws
  -> Tensor
{
  var constant = critic
  constant.updateParameters { parameter, _ in parameter = parameter.detached }
  let tape = Tape()
  defer { tape.close() }
  let gradients = try tape.gradients(of: sum(constant(tape.watch(inputs), in: pass)))
  var directions = gradients[0] ?? .zeros(inputs.shape)
  let length = inputs.count / inputs.shape[0]
  directions.withUnsafeMutableElements { elements in
    for start in stride(from: 0, to: elements.count, by: length) {
      let example = UnsafeMutableBufferPointer(rebasing: elements[start..<start + length])
      let norm = Elementary.sumOfSquares(UnsafeBufferPointer(example)).squareRoot()
      guard norm > 0 else { continue }
      for index in example.indices { example[index] /= norm }
    }
  }
  return directions
}
