// The transforms of Winograd's minimal filtering F(4 × 4, 3 × 3): a window of 6 × 6 pixels d, a filter g of 3 × 3 and their
// response of 4 × 4 are, with ∘ for the product element by element,
//
//     Y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A         36 products instead of 144
//
// A filter's line is a polynomial of degree 2, and four neighbouring responses belong to the product with one of degree 3,
// taken at the points 0, ±a, ±b and ∞. The points are a = 2/3 and b = 3/2, between which rounding errors are half of those at
// the usual 1 and 2; since ab = 1, half of the factors vanish. With s = a² + b² and the lines in the order 0, a, −a, b, −b, ∞:
//
//     Bᵀ                          G                              A
//     1   0  −s   0   1   0       1       0       0              1   0   0    0
//     0  −b  −b²  a   1   0       1/Nₐ    a/Nₐ    a²/Nₐ          1   a   a²   a³
//     0   b  −b² −a   1   0       1/Nₐ   −a/Nₐ    a²/Nₐ          1  −a   a²  −a³
//     0  −a  −a²  b   1   0       1/N_b   b/N_b   b²/N_b         1   b   b²   b³
//     0   a  −a² −b   1   0       1/N_b  −b/N_b   b²/N_b         1  −b   b²  −b³
//     0   1   0  −s   0   1       0       0       1              0   0   0    1
//
// with Nₐ = 2a² (a² − b²) and N_b = 2b² (b² − a²). Lines of ±a, and of ±b, share their even and odd halves.
//
// Sources: Winograd, "Arithmetic complexity of computations", 1980; Lavin and Gray, "Fast algorithms for convolutional neural
// networks", CVPR 2016.

/// A linear map of a line, used along both axes of a tile.
protocol WinogradTransform {
  associatedtype Lanes: WinogradLanes
  associatedtype Input: WinogradLine<Lanes>
  associatedtype Output: WinogradLine<Lanes>
  static func apply(_ line: Input) -> Output
}

/// A transform of what is read from planes, by ``WinogradReader``.
protocol WinogradReading: WinogradTransform {
  /// The same of eight columns.
  associatedtype Narrow: WinogradTransform where Narrow.Lanes == SIMD8<Float>
}

extension WinogradTransform {
  /// Floats that a transform keeps meanwhile.
  static var temporaryCount: Int { Input.count * Output.count * Lanes.scalarCount }

  /// Transforms as many tiles as there are lanes along both axes.
  ///
  /// - Parameters:
  ///   - source: Element (i, j) of the tiles begins `(i · Input.count + j) · sourceStep` farther.
  ///   - target: Likewise, by `Output.count`.
  ///   - temporary: Room for ``temporaryCount`` elements.
  @inline(__always)
  static func transform(
    _ source: UnsafePointer<Float>, step sourceStep: Int, to target: UnsafeMutablePointer<Float>,
    step targetStep: Int, _ temporary: UnsafeMutablePointer<Float>
  ) {
    let (n, m, lanes) = (Input.count, Output.count, Lanes.scalarCount)
    for j in 0..<n {
      apply(Input(at: source + j &* sourceStep, step: n &* sourceStep))
        .store(to: temporary + j &* lanes, step: n &* lanes)
    }
    for i in 0..<m {
      apply(Input(at: temporary + i &* n &* lanes, step: lanes))
        .store(to: target + i &* m &* targetStep, step: targetStep)
    }
  }
}

/// The points and the numbers made of them.
private enum Point {
  @inline(__always) static var a: Float { 2 / 3 }
  @inline(__always) static var b: Float { 3 / 2 }
  @inline(__always) static var a2: Float { 4 / 9 }
  @inline(__always) static var b2: Float { 9 / 4 }
  @inline(__always) static var a3: Float { 8 / 27 }
  @inline(__always) static var b3: Float { 27 / 8 }
  @inline(__always) static var s: Float { 97 / 36 }
  /// 1 / Nₐ and 1 / N_b.
  @inline(__always) static var na: Float { -81 / 130 }
  @inline(__always) static var nb: Float { 8 / 65 }
}

/// Bᵀ: of a window of the image.
enum WinogradImage<Lanes: WinogradLanes>: WinogradReading {
  typealias Narrow = WinogradImage<SIMD8<Float>>

  @inline(__always)
  static func apply(_ d: WinogradSix<Lanes>) -> WinogradSix<Lanes> {
    let (evenA, oddA) = (d.e - Point.b2 * d.c, Point.a * d.d - Point.b * d.b)
    let (evenB, oddB) = (d.e - Point.a2 * d.c, Point.b * d.d - Point.a * d.b)
    return WinogradSix(
      a: d.a + d.e - Point.s * d.c, b: evenA + oddA, c: evenA - oddA, d: evenB + oddB, e: evenB - oddB,
      f: d.b + d.f - Point.s * d.d)
  }
}

/// G: of a filter.
enum WinogradFilter<Lanes: WinogradLanes>: WinogradTransform {
  @inline(__always)
  static func apply(_ g: WinogradThree<Lanes>) -> WinogradSix<Lanes> {
    let (evenA, oddA) = (Point.na * (g.a + Point.a2 * g.c), Point.na * Point.a * g.b)
    let (evenB, oddB) = (Point.nb * (g.a + Point.b2 * g.c), Point.nb * Point.b * g.b)
    return WinogradSix(
      a: g.a, b: evenA + oddA, c: evenA - oddA, d: evenB + oddB, e: evenB - oddB, f: g.c)
  }
}

/// Aᵀ: to a tile of the response.
enum WinogradResponse<Lanes: WinogradLanes>: WinogradTransform {
  @inline(__always)
  static func apply(_ m: WinogradSix<Lanes>) -> WinogradFour<Lanes> {
    let (sumA, sumB) = (m.b + m.c, m.d + m.e)
    let (differenceA, differenceB) = (m.b - m.c, m.d - m.e)
    return WinogradFour(
      a: m.a + sumA + sumB, b: Point.a * differenceA + Point.b * differenceB,
      c: Point.a2 * sumA + Point.b2 * sumB, d: m.f + Point.a3 * differenceA + Point.b3 * differenceB)
  }
}

/// A: of a tile of the response's error term, the adjoint of ``WinogradResponse``.
enum WinogradError<Lanes: WinogradLanes>: WinogradReading {
  typealias Narrow = WinogradError<SIMD8<Float>>

  @inline(__always)
  static func apply(_ y: WinogradFour<Lanes>) -> WinogradSix<Lanes> {
    let (evenA, oddA) = (y.a + Point.a2 * y.c, Point.a * y.b + Point.a3 * y.d)
    let (evenB, oddB) = (y.a + Point.b2 * y.c, Point.b * y.b + Point.b3 * y.d)
    return WinogradSix(
      a: y.a, b: evenA + oddA, c: evenA - oddA, d: evenB + oddB, e: evenB - oddB, f: y.d)
  }
}

/// Gᵀ: to a filter's gradient, the adjoint of ``WinogradFilter``.
enum WinogradGradient<Lanes: WinogradLanes>: WinogradTransform {
  @inline(__always)
  static func apply(_ u: WinogradSix<Lanes>) -> WinogradThree<Lanes> {
    let (sumA, sumB) = (Point.na * (u.b + u.c), Point.nb * (u.d + u.e))
    let (differenceA, differenceB) = (Point.na * (u.b - u.c), Point.nb * (u.d - u.e))
    return WinogradThree(
      a: u.a + sumA + sumB, b: Point.a * differenceA + Point.b * differenceB,
      c: u.f + Point.a2 * sumA + Point.b2 * sumB)
  }
}
