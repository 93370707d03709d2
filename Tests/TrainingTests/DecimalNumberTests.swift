import Tensors
import TestSupport
import Testing
import Training

@Suite("Decimal numbers")
struct DecimalNumberTests {
  /// Reads the texts as a column and compares every bit with what the standard library reads.
  private func check(_ texts: [String]) throws {
    let folder = try TemporaryFolder()
    let values = try CSV.read(folder.file("a", texts.joined(separator: "\n").utf8), hasHeader: false).values
      .array
    #expect(values.count == texts.count)
    for (value, text) in zip(values, texts) where value.bitPattern != Float(text)?.bitPattern {
      Issue.record("\(text) was read as \(value)")
    }
  }

  @Test("halfway between two numbers, and at the ends of the range")
  func hardCases() throws {
    try check([
      "16777217", "16777219", "16777217.0000001", "16777216.9999999", "1.00000005960464477539062",
      "1.000000059604644775390625", "1.000000059604644775390626", "3.4028235e38",
      "340282346638528859811704183484516925440",
      "1e-45", "7e-46", "1e-60", "0.0000000000000000000000000000000000000000000014", "1.17549435e-38", "-0",
      "-0.0",
      "000000000000000000000000000001", "0.30000000000000004", "9007199254740993", "8589934592.5",
      "1e0000000000002",
      "99999999999999999999999999999", "0e999999999999", "123456789012345e-22", "1e22", "1e23",
    ])
  }

  @Test("random numbers of every length")
  func random() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("decimal numbers: seed \(seed)")
    var random = RandomSource(seed: seed)
    try check(
      (0..<200_000).map { _ in
        let digits = (0..<Int.random(in: 1...20, using: &random)).map { _ in
          String(Int.random(in: 0...9, using: &random))
        }
        let point = Int.random(in: 0...digits.count, using: &random)
        let text = digits[..<point].joined() + (point < digits.count ? "." : "") + digits[point...].joined()
        let exponent = Bool.random(using: &random) ? "e\(Int.random(in: -50...17, using: &random))" : ""
        return (Bool.random(using: &random) ? "-" : "") + text + exponent
      })
    try check(
      (0..<100_000).map { _ in "\(Float(bitPattern: UInt32.random(in: 0..<0x7F80_0000, using: &random)))" })
  }
}
