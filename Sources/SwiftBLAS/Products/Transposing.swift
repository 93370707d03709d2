/// Turns lines into columns: element p of line i goes to `target[p · width + i]`, and nothing else is written.
///
/// - Parameters:
///   - count: How many lines there are, at most `width`.
///   - lineStep: From one line to the next.
///   - depth: Elements of a line.
public func transpose(
  _ source: UnsafePointer<Float>, count: Int, lineStep: Int, depth: Int,
  to target: UnsafeMutablePointer<Float>,
  width: Int
) {
  Packing.transpose(source, count: count, lineStep: lineStep, depth: depth, to: target, width: width)
}

extension Packing {
  /// Turns lines into columns: element p of line i goes to `target[p · width + i]`; nothing but these is written.
  ///
  /// A cache line of each line after the other, so that the columns made of them are whole before they leave the first-level
  /// cache.
  @inline(__always)
  static func transpose(
    _ source: UnsafePointer<Scalar>, count: Int, lineStep: Int, depth: Int,
    to target: UnsafeMutablePointer<Scalar>, width: Int
  ) {
    let (fours, together) = (count < 4 ? 0 : depth & ~3, 64 / MemoryLayout<Scalar>.stride)
    var start = 0
    while start < fours {
      let end = min(fours, start &+ together)
      var i = 0
      while i &+ 8 <= count {
        let line = source + i &* lineStep
        var p = start
        while p < end {
          Scalar.transposeEight(line + p, lineStep, to: target + (p &* width &+ i), width)
          p &+= 4
        }
        i &+= 8
      }
      while i < count {
        // The last four may overlap those before, which are then written twice.
        i = min(i, count &- 4)
        let line = source + i &* lineStep
        var p = start
        while p < end {
          Scalar.transposeFour(line + p, lineStep, to: target + (p &* width &+ i), width)
          p &+= 4
        }
        i &+= 4
      }
      start = end
    }
    for p in fours..<depth {
      for i in 0..<count { target[p &* width &+ i] = source[i &* lineStep &+ p] }
    }
  }
}

/// Blocks of which a transpose is put together.
protocol Transposable {
  /// Turns four elements of each of four lines into columns.
  static func transposeFour(
    _ source: UnsafePointer<Self>, _ step: Int, to target: UnsafeMutablePointer<Self>, _ width: Int)

  /// Turns four elements of each of eight lines into columns.
  static func transposeEight(
    _ source: UnsafePointer<Self>, _ step: Int, to target: UnsafeMutablePointer<Self>, _ width: Int)
}

extension Double: Transposable {
  /// By two rounds of interleaving.
  @inline(__always)
  static func transposeFour(
    _ source: UnsafePointer<Double>, _ step: Int, to target: UnsafeMutablePointer<Double>, _ width: Int
  ) {
    typealias Quad = SIMD4<Double>
    let (a, b) = (Quad(at: source), Quad(at: source + step))
    let (c, d) = (Quad(at: source + 2 &* step), Quad(at: source + 3 &* step))
    let (lowAB, highAB) = (Quad(a[0], b[0], a[1], b[1]), Quad(a[2], b[2], a[3], b[3]))
    let (lowCD, highCD) = (Quad(c[0], d[0], c[1], d[1]), Quad(c[2], d[2], c[3], d[3]))
    Quad(lowHalf: lowAB.lowHalf, highHalf: lowCD.lowHalf).store(to: target)
    Quad(lowHalf: lowAB.highHalf, highHalf: lowCD.highHalf).store(to: target + width)
    Quad(lowHalf: highAB.lowHalf, highHalf: highCD.lowHalf).store(to: target + 2 &* width)
    Quad(lowHalf: highAB.highHalf, highHalf: highCD.highHalf).store(to: target + 3 &* width)
  }

  @inline(__always)
  static func transposeEight(
    _ source: UnsafePointer<Double>, _ step: Int, to target: UnsafeMutablePointer<Double>, _ width: Int
  ) {
    transposeFour(source, step, to: target, width)
    transposeFour(source + 4 &* step, step, to: target + 4, width)
  }
}

/// Two neighbouring elements of a line move as one at first: taken one by one, the compiler would see the whole exchange as
/// one, and find many more instructions for it.
extension Float: Transposable {
  @inline(__always)
  static func transposeFour(
    _ source: UnsafePointer<Float>, _ step: Int, to target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    typealias Pairs = SIMD2<UInt64>
    let (a, b) = (Pairs(at: source), Pairs(at: source + step))
    let (c, d) = (Pairs(at: source + 2 &* step), Pairs(at: source + 3 &* step))
    func store(_ ab: Pairs, _ cd: Pairs, to target: UnsafeMutablePointer<Float>) {
      let (x, y) = (unsafeBitCast(ab, to: SIMD4<Float>.self), unsafeBitCast(cd, to: SIMD4<Float>.self))
      SIMD4(x[0], x[2], y[0], y[2]).store(to: target)
      SIMD4(x[1], x[3], y[1], y[3]).store(to: target + width)
    }
    store(Pairs(a[0], b[0]), Pairs(c[0], d[0]), to: target)
    store(Pairs(a[1], b[1]), Pairs(c[1], d[1]), to: target + 2 &* width)
  }

  /// The latter four lines go through the upper halves of the vectors.
  @inline(__always)
  static func transposeEight(
    _ source: UnsafePointer<Float>, _ step: Int, to target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    typealias Pairs = SIMD4<UInt64>
    func pairs(_ line: Int) -> Pairs {
      Pairs(
        lowHalf: SIMD2(at: source + line &* step), highHalf: SIMD2(at: source + (line &+ 4) &* step))
    }
    let (a, b, c, d) = (pairs(0), pairs(1), pairs(2), pairs(3))
    func store(_ ab: Pairs, _ cd: Pairs, to target: UnsafeMutablePointer<Float>) {
      let (x, y) = (unsafeBitCast(ab, to: SIMD8<Float>.self), unsafeBitCast(cd, to: SIMD8<Float>.self))
      SIMD8(x[0], x[2], y[0], y[2], x[4], x[6], y[4], y[6]).store(to: target)
      SIMD8(x[1], x[3], y[1], y[3], x[5], x[7], y[5], y[7]).store(to: target + width)
    }
    store(Pairs(a[0], b[0], a[2], b[2]), Pairs(c[0], d[0], c[2], d[2]), to: target)
    store(Pairs(a[1], b[1], a[3], b[3]), Pairs(c[1], d[1], c[3], d[3]), to: target + 2 &* width)
  }
}

extension SIMD where Self: BitwiseCopyable, Scalar == UInt64 {
  /// Two floats an element, from `pointer` on.
  @inline(__always)
  fileprivate init(at pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }
}
