import LinearAlgebra
import Tensors

/// Which of a number of values stay and which are dropped: a bit for each.
struct DropoutMask: Sendable {
  private let count: Int
  private let words: [UInt64]

  /// Words that share a source of randomness, so that the mask does not depend on the number of threads.
  private static let block = 256

  /// A mask in which each value stays with the probability `keep`, to 2⁻³³, independently of the others.
  init(count: Int, keep: Double, using random: inout RandomSource) {
    let threshold = UInt64((keep * 0x1p32).rounded())
    let wordCount = (count + 63) / 64
    let sources = (0..<(wordCount + Self.block - 1) / Self.block).map { _ in random.split() }
    self.count = count
    words = Array(unsafeUninitializedCapacity: wordCount) { words, initialized in
      Threads.parallel(over: sources.count, least: 4) { blocks in
        for block in blocks {
          var source = sources[block]
          for index in block * Self.block..<min(wordCount, (block + 1) * Self.block) {
            words[index] = Self.bits(threshold, from: &source)
          }
        }
      }
      initialized = wordCount
    }
  }

  /// 64 bits, each set with the probability `threshold` · 2⁻³².
  ///
  /// Read from its lowest digit, the probability is built up as the number is: a random word or'ed to bits of the
  /// probability p makes it (1 + p) / 2, and'ed to them p / 2. A rate of one half costs one word.
  private static func bits(_ threshold: UInt64, from source: inout RandomSource) -> UInt64 {
    guard threshold < 1 << 32 else { return .max }
    var bits: UInt64 = 0
    for place in threshold.trailingZeroBitCount..<32 {
      let word = source.next()
      bits = threshold >> UInt64(place) & 1 == 1 ? bits | word : bits & word
    }
    return bits
  }

  /// Multiplies by `scale` what stays and replaces by 0 what is dropped; each value is a run of `length` elements.
  func apply(to elements: UnsafeMutableBufferPointer<Float>, length: Int, scale: Float) {
    guard let start = elements.baseAddress, length > 0 else { return }
    let least = max(1, 1 << 9 / length)
    words.withUnsafeBufferPointer { words in
      Threads.parallel(over: words.count, least: least) { range in
        for index in range {
          let word = words[index]
          let values = min(64, count - index * 64)
          let first = start + index * 64 * length
          if length == 1 {
            for value in 0..<values {
              first[value] = word &>> UInt64(truncatingIfNeeded: value) & 1 == 1 ? first[value] * scale : 0
            }
          } else {
            for value in 0..<values {
              let stays = word &>> UInt64(truncatingIfNeeded: value) & 1 == 1
              let run = first + value * length
              for element in 0..<length { run[element] = stays ? run[element] * scale : 0 }
            }
          }
        }
      }
    }
  }
}
