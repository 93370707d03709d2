/// Makes a set of vectors orthogonal by rotating pairs of them, and keeps the product of the rotations.
///
/// Vectors and rotations are stored one after the other, so that all loops run over consecutive elements.
struct JacobiRotations<Scalar: ProductScalar> where Scalar.SIMD8Storage: BitwiseCopyable {
  private typealias Row = RowOperations<Scalar>

  private let count: Int
  private let length: Int
  private var vectors: [Scalar]
  private var rotations: [Scalar]

  /// The vectors' lengths once they are orthogonal.
  private(set) var lengths: [Scalar]
  /// The vectors' indices, the longest first.
  private(set) var order: [Int] = []

  /// Ten sweeps do for any matrix met; the limit is there so that nothing can keep the loop from ending.
  private static var mostSweeps: Int { 60 }

  /// - Parameters:
  ///   - count: How many vectors there are.
  ///   - length: Elements of each, at least `count`.
  ///   - element: The elements, by vector and place in it.
  init(count: Int, length: Int, element: (_ vector: Int, _ element: Int) -> Scalar) {
    self.count = count
    self.length = length
    vectors = []
    vectors.reserveCapacity(count * length)
    for vector in 0..<count {
      for i in 0..<length { vectors.append(element(vector, i)) }
    }
    rotations = [Scalar](repeating: 0, count: count * count)
    for i in 0..<count { rotations[i * count + i] = 1 }
    lengths = [Scalar](repeating: 0, count: count)
  }

  /// Element `i` of the unit vector in the direction of a vector.
  func direction(_ vector: Int, _ i: Int) -> Scalar { vectors[vector * length + i] }

  /// How much of original vector `i` went into a vector.
  func rotation(_ vector: Int, _ i: Int) -> Scalar { rotations[vector * count + i] }

  /// Orthogonalises, measures, sorts and normalises; `false` where an element is not finite or sweeps run out.
  mutating func run() -> Bool {
    // Scaled by a power of two, squares neither overflow nor lose the small elements that matter.
    var largest: Scalar = 0
    for x in vectors {
      guard x.isFinite else { return false }
      largest = max(largest, x.magnitude)
    }
    let scale: Scalar = largest == 0 ? 1 : largest.binade
    for i in vectors.indices { vectors[i] /= scale }

    var sweep = 0
    while rotateAll() {
      sweep += 1
      if sweep == Self.mostSweeps { return false }
    }
    vectors.withUnsafeMutableBufferPointer { vectors in
      guard let start = vectors.baseAddress else { return }
      for i in 0..<count { lengths[i] = Row.norm(start + i * length, count: length) }
    }
    order = (0..<count).sorted { lengths[$0] > lengths[$1] }
    normalise()
    for i in 0..<count { lengths[i] *= scale }
    return true
  }

  /// Vectors whose squared length, beside a largest element of 1 to 2, is no more than this are zero but for rounding.
  private static var negligible: Scalar {
    Scalar.ulpOfOne * Scalar.ulpOfOne * Scalar.ulpOfOne * Scalar.ulpOfOne
  }

  /// One sweep over all pairs; whether any was not orthogonal yet.
  private mutating func rotateAll() -> Bool {
    let tolerance = Scalar.ulpOfOne * Scalar(length).squareRoot()
    let (count, length) = (count, length)
    return vectors.withUnsafeMutableBufferPointer { vectors in
      rotations.withUnsafeMutableBufferPointer { rotations in
        guard let vectors = vectors.baseAddress, let rotations = rotations.baseAddress else { return false }
        var rotated = false
        for p in 0..<count {
          for q in p + 1..<max(count, p + 1) {
            let (x, y) = (vectors + p * length, vectors + q * length)
            let (xx, yy) = (Row.dot(x, x, count: length), Row.dot(y, y, count: length))
            if xx <= Self.negligible || yy <= Self.negligible { continue }
            let xy = Row.dot(x, y, count: length)
            if xy.magnitude <= tolerance * xx.squareRoot() * yy.squareRoot() { continue }
            // The smaller root of t² + 2ζt − 1 = 0: the tangent of the angle that makes them orthogonal.
            let zeta = (yy - xx) / (2 * xy)
            let root = zeta.magnitude + (1 + zeta * zeta).squareRoot()
            let tangent = zeta < 0 ? -1 / root : 1 / root
            if tangent == 0 { continue }
            let cosine = 1 / (1 + tangent * tangent).squareRoot()
            Row.rotate(x, y, cosine: cosine, sine: cosine * tangent, count: length)
            Row.rotate(
              rotations + p * count, rotations + q * count, cosine: cosine, sine: cosine * tangent,
              count: count)
            rotated = true
          }
        }
        return rotated
      }
    }
  }

  /// Gives every vector the length 1; what is left of vanished ones is replaced by directions orthogonal to the rest.
  private mutating func normalise() {
    let (length, order, lengths) = (length, order, lengths)
    vectors.withUnsafeMutableBufferPointer { vectors in
      guard let start = vectors.baseAddress else { return }
      for (place, vector) in order.enumerated() {
        let target = start + vector * length
        if lengths[vector] * lengths[vector] > Self.negligible {
          Row.scale(target, by: 1 / lengths[vector], count: length)
        } else {
          Self.complete(target, length, order[..<place].map { start + $0 * length })
        }
      }
    }
  }

  /// Fills `target` with a unit vector orthogonal to the others: what they leave of the axis they cover least.
  private static func complete(
    _ target: UnsafeMutablePointer<Scalar>, _ length: Int, _ others: [UnsafeMutablePointer<Scalar>]
  ) {
    var axis = 0
    var leastCover = Scalar.infinity
    for i in 0..<length {
      let cover = others.reduce(Scalar(0)) { $0 + $1[i] * $1[i] }
      if cover < leastCover { (axis, leastCover) = (i, cover) }
    }
    target.update(repeating: 0, count: length)
    target[axis] = 1
    // Twice is enough (Kahan and Parlett).
    for _ in 0..<2 {
      for other in others {
        Row.add(-Row.dot(other, target, count: length), other, to: target, count: length)
      }
    }
    Row.scale(target, by: 1 / Row.norm(target, count: length), count: length)
  }
}
