import LinearAlgebra
import Tensors

// What a recurrent operation does with the vectors of a step besides its products and its cell.

extension UnsafeMutablePointer<Float> {
  /// Adds a vector to the one here.
  @inline(__always)
  func add(_ values: UnsafePointer<Float>, count: Int) {
    for index in 0..<count { self[index] += values[index] }
  }

  /// Writes the elements of a state, or zeros for none.
  func initialize(from state: Tensor?, count: Int) {
    guard let state else { return initialize(repeating: 0, count: count) }
    state.withUnsafePointer { initialize(from: $0, count: count) }
  }
}

/// Calls `body` with the elements of three tensors, for writing.
func withUnsafeMutablePointers(
  _ a: inout Tensor, _ b: inout Tensor, _ c: inout Tensor,
  _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeMutableElements { a in
    b.withUnsafeMutableElements { b in
      c.withUnsafeMutableElements { c in
        if let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress { body(a, b, c) }
      }
    }
  }
}

/// Calls `body` with the elements of three tensors, for reading.
func withUnsafePointers(
  _ a: Tensor, _ b: Tensor, _ c: Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
) {
  a.withUnsafePointer { a in b.withUnsafePointer { b in c.withUnsafePointer { body(a, b, $0) } } }
}
