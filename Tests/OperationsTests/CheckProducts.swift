import Operations
import Tensors
import TestSupport
import Testing

/// A product of two tensors that is written, with what is added and applied to it.
typealias FinishedProduct = (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Finish)
  -> Void

/// Checks the products of a geometry as they are chosen for it.
func checkProducts(of geometry: ConvolutionGeometry, _ random: inout RandomSource, _ name: String) throws {
  try checkProducts(
    of: geometry, &random, name, convolve: geometry.convolve, convolveTransposed: geometry.convolveTransposed,
    weightGradient: geometry.weightGradient)
}

/// Checks the products of a geometry against the direct loops, into poisoned memory and with random finishes; pixels that no
/// window covers are no numbers, and have no part in any.
func checkProducts(
  of geometry: ConvolutionGeometry, _ random: inout RandomSource, _ name: String, convolve: FinishedProduct,
  convolveTransposed: FinishedProduct,
  weightGradient: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Float) -> Void
) throws {
  let direct = DirectConvolution(geometry: geometry)
  let name = "\(name): \(geometry)"
  let cover = direct.image(
    Array(repeating: 1, count: geometry.responseShape.count),
    Array(repeating: 1, count: geometry.weightShape.count))
  let pixels = zip(Tensor.normal(geometry.imageShape, &random).array, cover).map { $1 == 0 ? .nan : $0 }
  let image = try Tensor(pixels, shape: geometry.imageShape)
  let weight = Tensor.normal(geometry.weightShape, &random)
  let response = Tensor.normal(geometry.responseShape, &random)

  let ofResponse = RandomFinish(geometry.responseShape, &random)
  let convolved = ofResponse.written { target, finish in
    image.withUnsafePointer { image in
      weight.withUnsafePointer { convolve(image, $0, target, finish) }
    }
  }
  expectClose(
    convolved, try ofResponse.expected(direct.response(pixels, weight.array)), tolerance: 1e-5,
    "\(name), \(ofResponse)")

  let ofImage = RandomFinish(geometry.imageShape, &random)
  let transposed = ofImage.written { target, finish in
    response.withUnsafePointer { response in
      weight.withUnsafePointer { convolveTransposed(response, $0, target, finish) }
    }
  }
  expectClose(
    transposed, try ofImage.expected(direct.image(response.array, weight.array)), tolerance: 1e-5,
    "\(name), \(ofImage)")

  let previous = Tensor.normal(geometry.weightShape, &random)
  for beta in [0, 1] as [Float] {
    let gradient = poisoned(geometry.weightShape) { target in
      if beta == 1 { target.update(from: previous.array, count: previous.count) }
      image.withUnsafePointer { image in
        response.withUnsafePointer { weightGradient(image, $0, target, beta) }
      }
    }
    let expected = direct.weightGradient(pixels, response.array)
    expectClose(
      gradient, zip(expected, previous.array).map { $0 + beta * $1 }, tolerance: 1e-5, "\(name), β \(beta)")
  }
}

/// What is added to the sums of some channels and applied to them, or not.
private struct RandomFinish: CustomStringConvertible {
  private let shape: Shape
  private let previous: [Float]
  private let beta: Float
  private let bias: [Float]?
  private let activation: Activation

  init(_ shape: Shape, _ random: inout RandomSource) {
    self.shape = shape
    previous = Tensor.normal(shape, &random).array
    beta = Bool.random(using: &random) ? 1 : 0
    bias = Bool.random(using: &random) ? Tensor.normal([shape[1]], &random).array : nil
    activation = Bool.random(using: &random) ? .identity : .leakyRelu(slope: 0.3)
  }

  /// What `body` writes, over `previous` if it is to add to that.
  func written(_ body: (UnsafeMutablePointer<Float>, Finish) -> Void) -> [Float] {
    poisoned(shape) { target in
      if beta == 1 { target.update(from: previous, count: previous.count) }
      guard let bias else { return body(target, Finish(activation: activation, beta: beta)) }
      bias.withUnsafeBufferPointer {
        body(target, Finish(bias: $0.baseAddress, activation: activation, beta: beta))
      }
    }
  }

  func expected(_ sums: [Float]) throws -> [Float] {
    let plane = shape.array.dropFirst(2).reduce(1, *)
    let values = sums.indices.map { index in
      sums[index] + beta * previous[index] + (bias.map { $0[index / plane % $0.count] } ?? 0)
    }
    return try activate(Tensor(values, shape: shape), activation).array
  }

  var description: String { "β \(beta), \(bias == nil ? "no bias" : "bias"), \(activation)" }
}
