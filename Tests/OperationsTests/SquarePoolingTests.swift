import Operations
import Tensors
import TestSupport
import Testing

/// Windows of 2 × 2 side by side, which have loops of their own for rows of any length.
@Suite struct SquarePoolingTests {
  /// Which element of each window is the greatest, by the rule: the first that is not less than any; a NaN before all.
  private func places(_ x: Tensor) -> [Int] {
    let (rows, columns) = (x.shape[2], x.shape[3])
    return (0..<rows / 2).flatMap { row in
      (0..<columns / 2).map { column in
        let first = 2 * row * columns + 2 * column
        let window = [first, first + 1, first + columns, first + columns + 1]
        let values = x.array
        if window.contains(where: { values[$0].isNaN }) { return window[0] }
        return window.max { values[$0] < values[$1] || values[$0] == values[$1] && $0 > $1 } ?? first
      }
    }
  }

  @Test(arguments: [false, true]) func rowsOfAnyLengthAreThoseOfADirectLoop(hasNaN: Bool) throws {
    var random = RandomSource(seed: 7)
    for width in 2...41 {
      for height in [2, 5] {
        let shape: Shape = [1, 1, height, width]
        // Few values, so that many are equal.
        var values = (0..<shape.count).map { _ in Float(Int.random(in: 0...3, using: &random)) }
        if hasNaN { for index in stride(from: width % 5, to: values.count, by: 11) { values[index] = .nan } }
        let x = try Tensor(values, shape: shape)
        let errors = Tensor.normal([1, 1, height / 2, width / 2], seed: UInt64(width))
        let places = places(x)

        let pooled = try maxPool(x, kernel: 2)
        let (rows, columns) = (height / 2, width / 2)
        for window in 0..<rows * columns {
          let first = 2 * (window / columns) * width + 2 * (window % columns)
          let elements = [first, first + 1, first + width, first + width + 1].map { values[$0] }
          if elements.contains(where: \.isNaN) {
            #expect(pooled.array[window].isNaN, "\(width), window \(window)")
          } else {
            #expect(pooled.array[window] == elements.max(), "\(width), window \(window)")
          }
        }

        var expected = [Float](repeating: 0, count: shape.count)
        for (place, error) in zip(places, errors.array) { expected[place] += error }
        for isAdded in [false, true] {
          let tape = Tape()
          let watched = tape.watch(x)
          var loss = try Tensor(scalar: 0).recorded(from: maxPool(watched, kernel: 2)) {
            Passes(error: errors)
          }
          if isAdded {
            // Backpropagation comes to the last operation first: the pooling's terms are added to its.
            loss = try loss.recorded(from: loss, watched) {
              Passes(error: Tensor(scalar: 1), other: Tensor(repeating: 1, shape: shape))
            }
          }
          let gradient = try #require(try tape.gradients(of: loss)[0]).array
          #expect(gradient == expected.map { isAdded ? 1 + $0 : $0 }, "\(shape), added: \(isAdded)")
        }
      }
    }
  }
}

/// Passes given error terms to its inputs.
private struct Passes: DifferentiableOperation {
  let error: Tensor
  var other: Tensor?

  func backward(_ error: consuming Tensor, to inputs: inout ErrorTerms) {
    inputs.add(self.error, to: 0)
    if let other { inputs.add(other, to: 1) }
  }
}
