import LinearAlgebra
import Tensors

/// How the elements of two shapes meet when one is broadcast to the other, or both to a third, as NumPy has it.
///
/// Shapes are aligned at their last axes. Sizes along an axis are equal, or one is 1 and its elements are repeated; axes
/// that a shape lacks count as 1. Axes that both operands walk through in one stride are taken as one, so that
///
/// - equal shapes, and a scalar with anything, are one run;
/// - a bias along the last axes is a run for each row.
struct Broadcasting {
  /// The shape of the result.
  let shape: Shape

  /// Sizes and both operands' strides, outermost first, at least one; no size is 1 unless it is the only one.
  private var axes: [(size: Int, first: Int, second: Int)] = []

  /// - Throws: ``ShapeError`` if the shapes do not go together.
  init(_ first: Shape, _ second: Shape, site: String) throws {
    let rank = max(first.rank, second.rank)
    func size(_ shape: Shape, _ axis: Int) -> Int {
      let index = axis - (rank - shape.rank)
      return index < 0 ? 1 : shape[index]
    }
    var sizes: [Int] = []
    for axis in 0..<rank {
      let (a, b) = (size(first, axis), size(second, axis))
      guard a == b || a == 1 || b == 1 else {
        throw ShapeError(site, expected: "shapes that can be broadcast to one", got: "\(first) and \(second)")
      }
      sizes.append(a == 1 ? b : a)
    }
    guard let shape = Shape(exactly: sizes) else {
      throw ShapeError(site, expected: "a result that fits into memory", got: "\(first) and \(second)")
    }
    self.shape = shape
    var strides = (1, 1)
    for axis in (0..<rank).reversed() {
      let (a, b) = (size(first, axis), size(second, axis))
      if sizes[axis] != 1 { merge(sizes[axis], a == 1 ? 0 : strides.0, b == 1 ? 0 : strides.1) }
      // Wraps around only where there is no element at all.
      strides = (strides.0 &* a, strides.1 &* b)
    }
    if axes.isEmpty { axes = [(1, 1, 1)] }
  }

  /// Puts an axis before the others, or makes it one with the first of them.
  private mutating func merge(_ size: Int, _ first: Int, _ second: Int) {
    if let inner = axes.first, first == inner.first &* inner.size, second == inner.second &* inner.size {
      axes[0].size = size &* inner.size
    } else {
      axes.insert((size, first, second), at: 0)
    }
  }

  /// The length of a run along the innermost axis.
  var runLength: Int { axes[axes.count - 1].size }

  /// Whether the first operand has one element for a whole run.
  var repeatsFirst: Bool { axes[axes.count - 1].first == 0 }

  /// Whether the second operand has one element for a whole run.
  var repeatsSecond: Bool { axes[axes.count - 1].second == 0 }

  /// Calls `body` for each run with its place in the result and the places where it starts in the operands.
  @inline(__always)
  func forEachRun(_ body: (_ start: Int, _ first: Int, _ second: Int) -> Void) {
    guard shape.count > 0 else { return }
    let outer = axes.dropLast()
    var indices = Array(repeating: 0, count: outer.count)
    var (first, second) = (0, 0)
    for start in stride(from: 0, to: shape.count, by: runLength) {
      body(start, first, second)
      for (axis, (size, a, b)) in outer.enumerated().reversed() {
        indices[axis] += 1
        (first, second) = (first + a, second + b)
        if indices[axis] < size { break }
        indices[axis] = 0
        (first, second) = (first - size * a, second - size * b)
      }
    }
  }

  /// f(a, b) for all pairs of elements that meet.
  func combine<Function: PairFunction>(_ first: Tensor, _ second: Tensor, by _: Function.Type) -> Tensor {
    let count = runLength
    return Tensor(shape: shape) { result in
      first.withUnsafeElements { a in
        second.withUnsafeElements { b in
          forEachRun { start, i, j in
            if repeatsFirst {
              let x = a[i]
              Threads.parallel(overElements: count) { range in
                for k in range { result[start &+ k] = Function.value(x, b[j &+ k]) }
              }
            } else if repeatsSecond {
              let y = b[j]
              Threads.parallel(overElements: count) { range in
                for k in range { result[start &+ k] = Function.value(a[i &+ k], y) }
              }
            } else {
              Threads.parallel(overElements: count) { range in
                for k in range { result[start &+ k] = Function.value(a[i &+ k], b[j &+ k]) }
              }
            }
          }
        }
      }
    }
  }
}

/// A function of two numbers. A type, so that the loops over it are compiled for it, on whatever thread they run.
protocol PairFunction {
  static func value(_ a: Float, _ b: Float) -> Float
}

extension Tensor {
  /// The elements repeated to fill a larger shape; a constant to any tape.
  func repeated(to shape: Shape, site: String) throws -> Tensor {
    if self.shape == shape { return detached }
    let broadcasting = try Broadcasting(shape, self.shape, site: site)
    guard broadcasting.shape == shape else {
      throw ShapeError(site, expected: "a shape that \(self.shape) can be repeated to", got: shape)
    }
    let count = broadcasting.runLength
    return Tensor(shape: shape) { result in
      withUnsafePointer { elements in
        broadcasting.forEachRun { start, _, place in
          let run = UnsafeMutableBufferPointer(rebasing: result[start..<start + count])
          if broadcasting.repeatsSecond {
            run.initialize(repeating: elements[place])
          } else {
            _ = run.initialize(from: UnsafeBufferPointer(start: elements + place, count: count))
          }
        }
      }
    }
  }

  /// The sums of the elements that an element of a smaller shape was repeated to: what flows back through a broadcast; a
  /// constant to any tape.
  func summed(to shape: Shape, site: String) throws -> Tensor {
    if self.shape == shape { return detached }
    let broadcasting = try Broadcasting(self.shape, shape, site: site)
    let count = broadcasting.runLength
    // In double precision: a sum of millions would else lose its last terms.
    var sums = [Double](repeating: 0, count: shape.count)
    sums.withUnsafeMutableBufferPointer { sums in
      withUnsafeElements { elements in
        broadcasting.forEachRun { _, start, place in
          let run = UnsafeBufferPointer(rebasing: elements[start..<start + count])
          if broadcasting.repeatsSecond {
            sums[place] += Double(Elementary.sum(run))
          } else {
            for k in 0..<count { sums[place &+ k] += Double(run[k]) }
          }
        }
      }
    }
    return Tensor(shape: shape) { result in
      for index in result.indices { result[index] = Float(sums[index]) }
    }
  }
}
