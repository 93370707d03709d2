import Tensors

/// The sizes of an attention, and where each head's matrices lie.
struct AttentionGeometry {
  /// How the heads of a sequence lie in memory.
  enum Layout {
    /// `[batch, heads, length, width]`
    case apart
    /// `[batch, length, heads · width]`
    case sideBySide
  }

  /// Where a head's matrix begins, and the elements from one of its rows to the next.
  typealias Place = (start: Int, step: Int)

  let layout: Layout
  let batch: Int
  let heads: Int
  let queries: Int
  let keys: Int
  let width: Int
  let valueWidth: Int

  /// The output's shape.
  let output: Shape

  /// - Throws: ``ShapeError`` if the three are not `[batch, heads, length, width]`, with as many values as keys.
  init(queries q: Shape, keys k: Shape, values v: Shape) throws {
    guard q.rank == 4, k.rank == 4, v.rank == 4, k.array == [q[0], q[1], k[2], q[3]], q[1] > 0, q[3] > 0,
      v.array == [q[0], q[1], k[2], v[3]], let output = q.replacingLast(exactly: v[3])
    else {
      throw ShapeError(
        "scaledDotProductAttention", expected: "three [batch, heads, length, width], as many values as keys",
        got: "queries \(q), keys \(k), values \(v)")
    }
    (layout, batch, heads, queries, keys) = (.apart, q[0], q[1], q[2], k[2])
    (width, valueWidth, self.output) = (q[3], v[3], output)
  }

  /// - Throws: ``ShapeError`` if the three are not `[batch, length, heads · width]`, with as many values as keys.
  init(queries q: Shape, keys k: Shape, values v: Shape, heads: Int) throws {
    guard heads > 0, q.rank == 3, k.rank == 3, v.rank == 3, k.array == [q[0], k[1], q[2]], q[2] > 0,
      v.array == [q[0], k[1], v[2]], q[2] % heads == 0, v[2] % heads == 0,
      let output = q.replacingLast(exactly: v[2])
    else {
      throw ShapeError(
        "scaledDotProductAttention",
        expected: "three [batch, length, heads · width] with \(heads) heads, as many values as keys",
        got: "queries \(q), keys \(k), values \(v)")
    }
    (layout, batch, self.heads, queries, keys) = (.sideBySide, q[0], heads, q[1], k[1])
    (width, valueWidth, self.output) = (q[2] / heads, v[2] / heads, output)
  }

  /// The matrix of a head, counted through all examples, in a tensor of `length` rows of `width` elements a head.
  func place(ofHead head: Int, length: Int, width: Int) -> Place {
    switch layout {
    case .apart: (head * length * width, width)
    case .sideBySide: (head / heads * length * heads * width + head % heads * width, heads * width)
    }
  }

  func queries(ofHead head: Int) -> Place { place(ofHead: head, length: queries, width: width) }
  func keys(ofHead head: Int) -> Place { place(ofHead: head, length: keys, width: width) }
  func values(ofHead head: Int) -> Place { place(ofHead: head, length: keys, width: valueWidth) }
  func output(ofHead head: Int) -> Place { place(ofHead: head, length: queries, width: valueWidth) }
}
