import TestSupport
import Testing

import Tensors

/// y = 2x, counting how often its backward runs.
private struct Doubling: DifferentiableOperation {
  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    error.add(error.detached)
    inputs.add(error, to: 0)
  }
}

private func doubled(_ x: Tensor) throws -> Tensor {
  var y = x.detached
  y.add(x)
  return try y.recorded(from: x) { Doubling() }
}

@Suite struct TapeTests {
  @Test func aVeryLongChainRuns() throws {
    let tape = Tape()
    var value = tape.watch(Tensor(scalar: 0x1p-100))
    for _ in 0..<100 { value = try doubled(value) }
    #expect(try tape.gradients(of: value)[0]?.item() == 0x1p100)

    let long = Tape()
    var sum = long.watch(Tensor(scalar: 0))
    for _ in 0..<100_000 { sum = try doubled(sum) }
    #expect(try long.gradients(of: sum).count == 1)
  }

  @Test func constantsRecordNothing() throws {
    #expect(try doubled(Tensor(scalar: 1)).record == nil)
  }

  @Test func aClosedTapeMakesConstants() throws {
    let tape = Tape()
    let x = tape.watch(Tensor(scalar: 1))
    _ = try tape.gradients(of: doubled(x))
    #expect(try doubled(x).record == nil)
  }

  @Test func unusedTensorsHaveNoGradient() throws {
    let tape = Tape()
    let (x, _) = (tape.watch(Tensor(scalar: 1)), tape.watch(Tensor(scalar: 2)))
    let gradients = try tape.gradients(of: doubled(x))
    #expect(gradients.count == 2)
    #expect(gradients[1] == nil)
  }

  @Test func whatCannotBeDifferentiatedThrows() throws {
    #expect(throws: TapeError.unrecorded) { try Tape().gradients(of: Tensor(scalar: 1)) }
    let tape = Tape()
    #expect(throws: ShapeError.self) { try tape.gradients(of: doubled(tape.watch(.zeros([2])))) }
  }

  @Test func tapesDoNotMix() throws {
    let (a, b) = (Tape(), Tape())
    let (x, y) = (a.watch(Tensor(scalar: 1)), b.watch(Tensor(scalar: 1)))
    #expect(throws: TapeError.mixed) {
      try Tensor(scalar: 2).recorded(from: x, y) { Doubling() }
    }
  }
}
