import LinearAlgebra
import TestSupport
import Testing

import Tensors

/// What flows back to the weights of a layer.
private enum Term {
  case factors(errors: Tensor, inputs: Tensor)
  case whole(Tensor)
}

/// Passes terms back to one matrix.
private struct PassBack: DifferentiableOperation {
  let terms: [Term]
  let shape: Shape

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    for term in terms {
      switch term {
      case .whole(let tensor): inputs.add(tensor, to: 0)
      case .factors(let errors, let factors):
        inputs.add(GradientProduct(errors: errors, inputs: factors, shape: shape), to: 0)
      }
    }
  }
}

/// Passes one row back to a table.
private struct PassRow: DifferentiableOperation {
  let row: Int
  let value: Float

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    inputs.add(Tensor(repeating: value, shape: [1, 9]), toRows: [row], of: 0)
  }
}

@Suite(.onEveryBackend) struct GradientProductTests {
  private let shape: Shape = [6, 9]

  private func gradient(_ terms: [Term]) throws -> Gradient {
    let tape = Tape()
    let weight = tape.watch(Tensor.zeros(shape))
    let loss = try Tensor(scalar: 0).recorded(from: weight) { PassBack(terms: terms, shape: shape) }
    return try #require(try tape.sparseGradients(of: loss)[0])
  }

  /// Error terms and inputs drawn at random, and their product by the plain sum.
  private func factors(_ batch: [Int], seed: UInt64) throws -> (term: Term, product: [Float]) {
    let errors = Tensor.normal(try #require(Shape(exactly: batch + [6])), seed: seed)
    let inputs = Tensor.normal(try #require(Shape(exactly: batch + [9])), seed: seed + 100)
    let (e, x) = (errors.array, inputs.array)
    let product: [Float] = (0..<54).map { place in
      (0..<e.count / 6).reduce(0) { $0 + e[$1 * 6 + place / 9] * x[$1 * 9 + place % 9] }
    }
    return (.factors(errors: errors, inputs: inputs), product)
  }

  @Test(arguments: [[], [1], [3], [1, 2], [0]]) func aFewExamplesStayFactors(batch: [Int]) throws {
    let (term, product) = try factors(batch, seed: 1)
    let gradient = try gradient([term])
    guard case .product = gradient else { return #expect(Bool(false), "factors") }
    #expect(gradient.shape == shape)
    expectClose(gradient.dense.array, product, tolerance: 1e-6)
    var parameter = Tensor(repeating: 2, shape: shape)
    parameter.add(gradient, scaledBy: -0.5)
    expectClose(parameter.array, product.map { 2 - 0.5 * $0 }, tolerance: 1e-6)
  }

  @Test(arguments: [[4], [2, 50]]) func whatIsNoSmallerAsFactorsIsMultiplied(batch: [Int]) throws {
    let (term, product) = try factors(batch, seed: 2)
    guard case .dense(let tensor) = try gradient([term]) else { return #expect(Bool(false), "a tensor") }
    expectClose(tensor.array, product, tolerance: 1e-5)
  }

  @Test func termsOfOneMatrixAreAddedUp() throws {
    let (first, second) = (try factors([1], seed: 3), try factors([2], seed: 4))
    let whole = Tensor.normal(shape, seed: 5)
    let expected = whole.array.indices.map { first.product[$0] + second.product[$0] + whole.array[$0] }
    for terms in [
      [first.term, second.term, .whole(whole)], [.whole(whole), first.term, second.term],
      [first.term, .whole(whole), second.term],
    ] {
      guard case .dense(let tensor) = try gradient(terms) else {
        return #expect(Bool(false), "a tensor")
      }
      expectClose(tensor.array, expected, tolerance: 1e-6)
    }
  }

  @Test func arithmeticIsThatOfTheProduct() throws {
    let product = try gradient([factors([2], seed: 6).term])
    let dense = Gradient.dense(product.dense)
    #expect(product.squaredNorm == dense.squaredNorm)
    #expect(product.isFinite)
    var (scaled, sum, other, computed) = (product, product, dense, product)
    scaled.scale(by: 3)
    expectClose(scaled.dense.array, dense.dense.array.map { 3 * $0 }, tolerance: 1e-6)
    sum.add(product)
    other.add(product)
    expectClose(sum.dense.array, dense.dense.array.map { 2 * $0 }, tolerance: 1e-6)
    #expect(sum.dense == other.dense)
    computed.compute()
    guard case .dense(let tensor) = computed else { return #expect(Bool(false), "a tensor") }
    #expect(tensor == product.dense)
  }

  @Test func rowsAndAProductAreAddedUp() throws {
    let product = try gradient([factors([2], seed: 7).term])
    let tape = Tape()
    let table = tape.watch(Tensor.zeros(shape))
    let loss = try Tensor(scalar: 0).recorded(from: table) { PassRow(row: 4, value: 3) }
    let rows = try #require(try tape.sparseGradients(of: loss)[0])
    let expected = product.dense.array.enumerated().map { $0 / 9 == 4 ? $1 + 3 : $1 }
    var (first, second) = (rows, product)
    first.add(product)
    second.add(rows)
    #expect(first.dense.array == expected)
    #expect(second.dense.array == expected)
    var summed = rows
    summed.compute()
    #expect(summed.dense == rows.dense)
    guard case .rows(let sums) = summed else { return #expect(Bool(false), "rows") }
    #expect(sums.indices == [4])
  }

  @Test func finitenessIsThatOfTheProduct() throws {
    func isFinite(_ error: Float, _ input: Float) throws -> Bool {
      let errors = Tensor(repeating: error, shape: [2, 6])
      return try gradient([.factors(errors: errors, inputs: Tensor(repeating: input, shape: [2, 9]))])
        .isFinite
    }
    #expect(try isFinite(1e18, 1e18))
    #expect(try isFinite(1e19, 1.5e19))
    #expect(try !isFinite(1e20, 1e20))
    #expect(try !isFinite(0, .infinity))
    #expect(try !isFinite(.nan, 1))
  }
}
