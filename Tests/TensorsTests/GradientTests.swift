import Synchronization
import TestSupport
import Testing

import Tensors

/// Rows of a table, by the smallest operation that can look them up.
private struct LookUp: DifferentiableOperation {
  let indices: [Int]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    inputs.add(error, toRows: indices, of: 0)
  }
}

private func lookUp(_ indices: [Int], in table: Tensor) throws -> Tensor {
  try table.rows(indices).recorded(from: table) { LookUp(indices: indices) }
}

/// Σ wᵢxᵢ over several tensors.
private struct Weighting: DifferentiableOperation {
  let weights: [Tensor]

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    for (input, weight) in weights.enumerated() { inputs.add(weight, to: input) }
  }
}

private func total(_ x: Tensor, _ y: Tensor, weights: [Tensor]) throws -> Tensor {
  try Tensor(scalar: 0).recorded(from: x, y) { Weighting(weights: weights) }
}

/// Notes whether writing to its error term moved it.
private final class InPlace: DifferentiableOperation {
  let isInPlace = Mutex(false)

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    let before = error.withUnsafeElements { UInt(bitPattern: $0.baseAddress) }
    let after = error.withUnsafeMutableElements { UInt(bitPattern: $0.baseAddress) }
    isInPlace.withLock { $0 = before == after }
    inputs.add(error, to: 0)
  }
}

@Suite struct GradientTests {
  @Test func anErrorTermIsTheOnlyReferenceToItsMemory() throws {
    let (tape, operation) = (Tape(), InPlace())
    let x = tape.watch(Tensor(scalar: 1))
    let loss = try Tensor(scalar: 1).recorded(from: x) { operation }
    #expect(try tape.gradients(of: loss)[0]?.item() == 1)
    #expect(operation.isInPlace.withLock { $0 })
  }

  @Test func rowsAreSummedAndSorted() throws {
    let tape = Tape()
    let table = tape.watch(Tensor.zeros([5, 2]))
    let weights = try [
      Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]), Tensor([10, 20, 30, 40], shape: [2, 2]),
    ]
    let loss = try total(lookUp([3, 0, 3], in: table), lookUp([1, 0], in: table), weights: weights)
    let gradient = try #require(try tape.sparseGradients(of: loss)[0])
    guard case .rows(let rows) = gradient else { return #expect(Bool(false), "a gradient by rows") }
    #expect(rows.indices == [0, 1, 3])
    #expect(rows.values == (try Tensor([33, 44, 10, 20, 6, 8], shape: [3, 2])))
    #expect(rows.shape == [5, 2])
    #expect(gradient.dense.array == [33, 44, 10, 20, 0, 0, 6, 8, 0, 0])
  }

  @Test func rowsMeetADenseTerm() throws {
    let tape = Tape()
    let table = tape.watch(Tensor.zeros([3, 1]))
    let weights = try [Tensor([1, 2], shape: [2, 1]), Tensor([10, 20, 30], shape: [3, 1])]
    let loss = try total(lookUp([2, 2], in: table), table, weights: weights)
    let gradient = try tape.sparseGradients(of: loss)[0]
    guard case .dense(let tensor) = gradient else { return #expect(Bool(false), "a dense gradient") }
    #expect(tensor.array == [10, 20, 33])
  }

  @Test func rowsFlowOnAsATensor() throws {
    let tape = Tape()
    let table = tape.watch(Tensor.zeros([3, 1]))
    let weights = try [Tensor([1, 2], shape: [2, 1]), Tensor([5], shape: [1, 1])]
    let chosen = try lookUp([0, 2], in: table)
    let loss = try total(lookUp([1, 1], in: chosen), lookUp([0], in: chosen), weights: weights)
    #expect(try tape.gradients(of: loss)[0]?.array == [5, 0, 3])
  }

  @Test func finitenessOfRowsIsThatOfTheirSums() throws {
    func isFinite(_ values: [Float]) throws -> Bool {
      let tape = Tape()
      let table = tape.watch(Tensor.zeros([3, 1]))
      let weights = try [Tensor(values, shape: [2, 1]), Tensor([1], shape: [1, 1])]
      let loss = try total(lookUp([2, 2], in: table), lookUp([0], in: table), weights: weights)
      return try #require(try tape.sparseGradients(of: loss)[0]).isFinite
    }
    #expect(try isFinite([1, 2]))
    #expect(try isFinite([3e38, -3e38]))
    #expect(try !isFinite([3e38, 3e38]))
    #expect(try !isFinite([1, .nan]))
  }

  @Test func addingRowsLeavesTheRest() throws {
    let tape = Tape()
    let table = tape.watch(Tensor.zeros([4, 2]))
    let weights = try [Tensor([1, 2], shape: [1, 2]), Tensor([4, 8], shape: [1, 2])]
    let loss = try total(lookUp([2], in: table), lookUp([2], in: table), weights: weights)
    let gradient = try #require(try tape.sparseGradients(of: loss)[0])
    var parameter = Tensor(repeating: 1, shape: [4, 2])
    parameter.withUnsafeMutableElements { $0[0] = .nan }
    parameter.add(gradient, scaledBy: -2)
    #expect(parameter.array.dropFirst() == [1, 1, 1, -9, -19, 1, 1])
  }
}
