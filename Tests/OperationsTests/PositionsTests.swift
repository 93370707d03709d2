import Foundation
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PositionsTests {
  @Test func theVectorOfItsPlaceIsAdded() throws {
    let input = try Tensor([0, 0, 10, 20, 0, 0, 30, 40], shape: [2, 2, 2])
    let table = try Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    #expect(try addPositions(to: input, from: table).array == [1, 2, 13, 24, 1, 2, 33, 44])
    #expect(try addPositions(to: input, from: table, startingAt: 1).array == [3, 4, 15, 26, 3, 4, 35, 46])
  }

  @Test func gradientsOfPlaces() throws {
    try checkGradients(at: [.normal([2, 2, 3], seed: 1), .normal([4, 3], seed: 2)]) {
      try addPositions(to: $0[0], from: $0[1], startingAt: 1)
    }
    try checkGradients(at: [.normal([3, 2], seed: 1), .normal([3, 2], seed: 2)]) {
      try addPositions(to: $0[0], from: $0[1])
    }
  }

  @Test func sinusoidsByTheirFormula() throws {
    for (dimension, start) in [(4, 0), (5, 7), (1, 3), (6, 100_000)] {
      let table = try sinusoids(length: 3, dimension: dimension, startingAt: start)
      let expected = (0..<3).flatMap { place in
        (0..<dimension).map { index in
          let angle = Double(start + place) * pow(10_000, -Double(index / 2 * 2) / Double(dimension))
          return Float(index % 2 == 0 ? sin(angle) : cos(angle))
        }
      }
      expectClose(table.array, expected, tolerance: 1e-6)
    }
    let far = try sinusoids(length: 5001, dimension: 2)
    #expect(abs(far[5000, 0] - Float(sin(5000.0))) < 1e-6)
  }

  @Test(arguments: [RotaryPairing.neighbours, .halves]) func rotaryTurnsPairs(_ pairing: RotaryPairing) throws
  {
    let (length, heads, width, start) = (3, 2, 4, 2)
    let input = Tensor.normal([2, length, heads * width], seed: 3)
    let output = try rotary(input, heads: heads, startingAt: start, pairing: pairing, base: 100)
    for example in 0..<2 {
      for place in 0..<length {
        for head in 0..<heads {
          for pair in 0..<width / 2 {
            let (a, b) = pairing == .neighbours ? (2 * pair, 2 * pair + 1) : (pair, pair + width / 2)
            let angle = Double(start + place) * pow(100, -2 * Double(pair) / Double(width))
            let (cosine, sine) = (Float(cos(angle)), Float(sin(angle)))
            let x = (input[example, place, head * width + a], input[example, place, head * width + b])
            let y = (output[example, place, head * width + a], output[example, place, head * width + b])
            #expect(abs(y.0 - (x.0 * cosine - x.1 * sine)) < 1e-6)
            #expect(abs(y.1 - (x.0 * sine + x.1 * cosine)) < 1e-6)
          }
        }
      }
    }
    try checkGradients(at: [.normal([1, 2, 4], seed: 4)]) {
      try rotary($0[0], heads: 2, startingAt: 1, pairing: pairing)
    }
  }

  /// What rotary positions are for: the product of a query and a key depends on their distance alone.
  @Test func productsDependOnTheDistance() throws {
    let (q, k) = (Tensor.normal([1, 6], seed: 5), Tensor.normal([1, 6], seed: 6))
    func product(_ a: Int, _ b: Int) throws -> Float {
      let turned = try (rotary(q, startingAt: a), rotary(k, startingAt: b))
      return zip(turned.0.array, turned.1.array).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(abs(try product(3, 1) - product(12, 10)) < 1e-4)
    #expect(abs(try product(3, 1) - product(3, 2)) > 1e-3)
  }

  @Test func whatDoesNotFitThrows() throws {
    #expect(throws: ShapeError.self) { try addPositions(to: .zeros([2, 4, 3]), from: .zeros([3, 3])) }
    #expect(throws: ShapeError.self) { try addPositions(to: .zeros([2, 2, 3]), from: .zeros([3, 2])) }
    #expect(throws: ShapeError.self) { try addPositions(to: .zeros([2, 3]), from: .zeros([3])) }
    #expect(throws: ShapeError.self) {
      try addPositions(to: .zeros([2, 3]), from: .zeros([3, 3]), startingAt: 2)
    }
    #expect(throws: ShapeError.self) {
      try addPositions(to: .zeros([1, 3]), from: .zeros([3, 3]), startingAt: -1)
    }
    #expect(throws: ShapeError.self) {
      try addPositions(to: .zeros([1, 3]), from: .zeros([3, 3]), startingAt: .max)
    }
    #expect(throws: ShapeError.self) { try sinusoids(length: -1, dimension: 2) }
    #expect(throws: ShapeError.self) { try sinusoids(length: .max, dimension: 2) }
    #expect(throws: ShapeError.self) { try sinusoids(length: 1, dimension: 2, base: 0) }
    #expect(throws: ShapeError.self) { try rotary(.zeros([2, 3])) }
    #expect(throws: ShapeError.self) { try rotary(.zeros([2, 4]), heads: 4) }
    #expect(throws: ShapeError.self) { try rotary(.zeros([2, 4]), heads: 0) }
    #expect(throws: ShapeError.self) { try rotary(.zeros([2, 4]), startingAt: -1) }
    #expect(throws: ShapeError.self) { try rotary(.zeros([4])) }
    #expect(try rotary(.zeros([2, 0, 4])).count == 0)
  }
}
