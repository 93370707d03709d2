import Interchange
import TestSupport
import Testing

@Suite("Numbers as files store them")
struct NumberFormatTests {
  private func read(_ format: NumberFormat, _ bytes: [UInt8], bigEndian: Bool = false) throws -> [Float] {
    try bytes.withUnsafeBytes { bytes in
      try Array(unsafeUninitializedCapacity: bytes.count / format.byteCount) { elements, count in
        let all = UnsafeMutableBufferPointer(rebasing: elements[..<(bytes.count / format.byteCount)])
        try format.convert(bytes, bigEndian: bigEndian, to: all)
        count = all.count
      }
    }
  }

  @Test("worked by hand")
  func formats() throws {
    #expect(try read(.bool, [0, 1, 2]) == [0, 1, 1])
    #expect(try read(.int8, [0x80, 0xFF, 5]) == [-128, -1, 5])
    #expect(try read(.uint8, [0x80, 0xFF]) == [128, 255])
    #expect(try read(.int16, [0xFE, 0xFF, 0x00, 0x01]) == [-2, 256])
    #expect(try read(.uint16, [0xFE, 0xFF]) == [65534])
    #expect(try read(.int32, [0xFE, 0xFF, 0xFF, 0xFF]) == [-2])
    #expect(try read(.uint32, [0, 0, 0, 0x80]) == [0x1p31])
    #expect(try read(.int64, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == [-1])
    #expect(try read(.uint64, [0, 0, 0, 0, 0, 0, 0, 0x80]) == [0x1p63])
    #expect(try read(.bfloat16, [0x80, 0x3F, 0x49, 0xC0]) == [1, -3.140625])
    #expect(try read(.float32, [0, 0, 0x80, 0x3F]) == [1])
    #expect(try read(.float64, [0, 0, 0, 0, 0, 0, 0xF8, 0xBF]) == [-1.5])
    #expect(try read(.float32, [0x3F, 0x80, 0, 0], bigEndian: true) == [1])
    #expect(try read(.int16, [0x01, 0x00], bigEndian: true) == [256])
  }

  @Test("half precision: zeros, subnormal, normal, largest, infinite, NaN")
  func halves() throws {
    let bits: [UInt16] = [
      0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0xC000, 0x3555, 0x7BFF, 0x7C00, 0xFC00,
    ]
    let values = try read(.float16, bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    #expect(
      values == [
        0, 0, 0x1p-24, -0x3FFp-24, 0x1p-14, 1, -2, 0x555p-12, 65504, .infinity, -.infinity,
      ])
    #expect(values[1].sign == .minus)
    #expect(try read(.float16, [0x01, 0x7E])[0].isNaN)
  }

  @Test("what no Float holds is refused, with its place")
  func unrepresentable() throws {
    let error = #expect(throws: NumberFormat.Unrepresentable.self) {
      try read(.int32, [1, 0, 0, 0, 1, 0, 0, 1])
    }
    #expect(error?.index == 1)
    #expect(error?.reason == "16777217 is not exact as a Float")
    // 1e300, and infinity, which a Float has.
    #expect(throws: NumberFormat.Unrepresentable.self) {
      try read(.float64, [0x9C, 0x75, 0, 0x88, 0x3C, 0xE4, 0x37, 0x7E])
    }
    #expect(try read(.float64, [0, 0, 0, 0, 0, 0, 0xF0, 0x7F]) == [.infinity])
  }
}
