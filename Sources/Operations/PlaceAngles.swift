import Foundation

/// cos tθᵢ and sin tθᵢ, θᵢ = base^(−2i/width), for one place t of a sequence after the other.
///
/// The next place's follow by one rotation in double precision: the error grows by 2⁻⁵³ a place and stays below that of a
/// `Float` for any sequence that fits in memory.
struct PlaceAngles {
  /// For i = 0, 1, …, up to half the width, rounded up.
  private(set) var cosines: [Float] = []
  private(set) var sines: [Float] = []

  private var current: [SIMD2<Double>]
  private let turns: [SIMD2<Double>]

  init(width: Int, start: Int, base: Double) {
    let angles = (0..<(width + 1) / 2).map { pow(base, -2 * Double($0) / Double(width)) }
    turns = angles.map { SIMD2(cos($0), sin($0)) }
    current = angles.map { SIMD2(cos(Double(start) * $0), sin(Double(start) * $0)) }
    round()
  }

  /// Goes on to the next place.
  mutating func advance() {
    for (index, turn) in turns.enumerated() {
      let (cosine, sine) = (current[index].x, current[index].y)
      current[index] = SIMD2(cosine * turn.x - sine * turn.y, cosine * turn.y + sine * turn.x)
    }
    round()
  }

  private mutating func round() {
    cosines = current.map { Float($0.x) }
    sines = current.map { Float($0.y) }
  }
}
