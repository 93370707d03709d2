/// How a file stores numbers, and their conversion to `Float`.
///
/// Real numbers are rounded to the nearest `Float`; infinities and NaN pass through. Integers must be exact.
package enum NumberFormat: Sendable, Hashable, CaseIterable {
  case bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64
  case float16, bfloat16, float32, float64

  /// The bytes of one number.
  package var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// A number that no `Float` holds.
  package struct Unrepresentable: Error {
    /// Its place among the numbers read.
    package let index: Int

    /// The number and what is wrong with it.
    package let reason: String
  }

  /// Converts the numbers of `bytes` into as many elements.
  ///
  /// - Precondition: `bytes` holds ``byteCount`` bytes for each element.
  /// - Throws: ``Unrepresentable`` for an integer that is not exact in `Float` and for a finite real number
  ///   beyond its range.
  package func convert(
    _ bytes: UnsafeRawBufferPointer, bigEndian: Bool = false, to elements: UnsafeMutableBufferPointer<Float>
  ) throws {
    precondition(
      bytes.count == elements.count * byteCount, "\(bytes.count) bytes for \(elements.count) numbers")
    let source = Source(bytes: bytes, bigEndian: bigEndian)
    switch self {
    case .bool: source.fill(elements, from: UInt8.self) { $0 == 0 ? 0 : 1 }
    case .int8: source.fill(elements, from: Int8.self) { Float($0) }
    case .uint8: source.fill(elements, from: UInt8.self) { Float($0) }
    case .int16: source.fill(elements, from: Int16.self) { Float($0) }
    case .uint16: source.fill(elements, from: UInt16.self) { Float($0) }
    case .int32: try source.fillExactly(elements, from: Int32.self)
    case .uint32: try source.fillExactly(elements, from: UInt32.self)
    case .int64: try source.fillExactly(elements, from: Int64.self)
    case .uint64: try source.fillExactly(elements, from: UInt64.self)
    case .float16: source.fill(elements, from: UInt16.self) { Float(half: $0) }
    case .bfloat16: source.fill(elements, from: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: source.fill(elements, from: UInt32.self) { Float(bitPattern: $0) }
    case .float64: try source.fillRounding(elements)
    }
  }
}

private struct Source {
  let bytes: UnsafeRawBufferPointer
  let bigEndian: Bool

  @inline(__always)
  private func load<Value: FixedWidthInteger>(_ index: Int, as type: Value.Type) -> Value {
    let stored = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: type)
    return bigEndian ? Value(bigEndian: stored) : Value(littleEndian: stored)
  }

  @inline(__always)
  func fill<Value: FixedWidthInteger>(
    _ elements: UnsafeMutableBufferPointer<Float>, from type: Value.Type, _ convert: (Value) -> Float
  ) {
    for index in elements.indices {
      elements.initializeElement(at: index, to: convert(load(index, as: type)))
    }
  }

  @inline(__always)
  func fillExactly<Value: FixedWidthInteger>(
    _ elements: UnsafeMutableBufferPointer<Float>, from type: Value.Type
  ) throws {
    for index in elements.indices {
      let value = load(index, as: type)
      guard let element = Float(exactly: value) else {
        throw NumberFormat.Unrepresentable(index: index, reason: "\(value) is not exact as a Float")
      }
      elements.initializeElement(at: index, to: element)
    }
  }

  func fillRounding(_ elements: UnsafeMutableBufferPointer<Float>) throws {
    for index in elements.indices {
      let value = Double(bitPattern: load(index, as: UInt64.self))
      let element = Float(value)
      guard element.isFinite || !value.isFinite else {
        throw NumberFormat.Unrepresentable(index: index, reason: "\(value) is beyond the range of Float")
      }
      elements.initializeElement(at: index, to: element)
    }
  }
}

extension Float {
  /// The value of an IEEE 754 half-precision number: 1 sign bit, 5 exponent bits, 10 significand bits.
  fileprivate init(half bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let (exponent, significand) = (UInt32(bits >> 10) & 0x1F, UInt32(bits) & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(significand) * 0x1p-24
      self = Float(bitPattern: sign | magnitude.bitPattern)
    case 0x1F: self = Float(bitPattern: sign | 0x7F80_0000 | significand << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | significand << 13)
    }
  }
}
