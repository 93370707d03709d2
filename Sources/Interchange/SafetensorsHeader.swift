import Foundation
import Tensors

/// What the header of a safetensors file says, checked against the file.
struct SafetensorsHeader {
  /// One tensor.
  struct Entry {
    let name: String
    let format: NumberFormat
    let shape: Shape

    /// Its bytes in the file.
    let range: Range<Int>
  }

  /// The key that names no tensor.
  static let metadataKey = "__metadata__"

  /// The most bytes of a header, as in the format's reference implementation.
  static let maximumLength = 100_000_000

  /// The tensors in the order of their bytes.
  private(set) var entries: [Entry] = []

  let metadata: [String: String]

  init(of file: [UInt8], path: String) throws {
    let text = try Self.text(of: file, path: path)
    let written: WrittenHeader
    do {
      written = try JSONDecoder().decode(WrittenHeader.self, from: Data(text))
    } catch {
      throw Self.error(path, "the header is not that of a safetensors file")
    }
    // Decoding keeps one of several equal keys; the text still shows how many there were.
    guard text.keyCount == written.keyCount else {
      throw Self.error(path, "the header repeats a name or has a field that is not of the format")
    }
    metadata = written.metadata

    let start = 8 + text.count
    var next = start
    for (name, tensor) in written.tensors.sorted(by: Self.isBefore) {
      let entry = try Entry(name, tensor, start: start, fileLength: file.count, path: path)
      if entry.range.lowerBound != next {
        let fault = entry.range.lowerBound < next ? "overlaps the one before" : "leaves a gap before it"
        throw Self.error(path, at: next, "tensor \(name.quotedFromFile) \(fault)")
      }
      next = entry.range.upperBound
      entries.append(entry)
    }
    guard next == file.count else {
      throw Self.error(path, at: next, "the last \(file.count - next) bytes belong to no tensor")
    }
  }

  /// The bytes of the header.
  private static func text(of file: [UInt8], path: String) throws -> ArraySlice<UInt8> {
    guard file.count >= 8 else {
      throw FileError(path: path, reason: "\(file.count) bytes are too few for a safetensors file")
    }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(file.count - 8, maximumLength)) else {
      throw error(
        path, at: 0,
        "a header of \(length) bytes in a file of \(file.count): cut off, or not a safetensors file")
    }
    let text = file[8..<8 + Int(length)]
    let isText = !text.contains(0) && String(validating: text, as: UTF8.self) != nil
    guard isText, text.first == UInt8(ascii: "{") else {
      throw error(path, "the header is not JSON text in UTF-8")
    }
    return text
  }

  private static func isBefore(
    _ a: (key: String, value: WrittenHeader.Tensor), _ b: (key: String, value: WrittenHeader.Tensor)
  ) -> Bool {
    let (placeA, placeB) = (a.value.offsets, b.value.offsets)
    return placeA == placeB ? a.key < b.key : placeA.lexicographicallyPrecedes(placeB)
  }

  /// A fault of the header, which begins at byte 8, or of another place.
  fileprivate static func error(_ path: String, at offset: Int = 8, _ reason: String) -> FileError {
    FileError(path: path, location: .byte(offset), reason: reason)
  }
}

extension SafetensorsHeader.Entry {
  init(
    _ name: String, _ tensor: WrittenHeader.Tensor, start: Int, fileLength: Int, path: String
  ) throws {
    func error(_ reason: String) -> FileError {
      SafetensorsHeader.error(path, "tensor \(name.quotedFromFile): \(reason)")
    }
    guard let format = NumberFormat(safetensors: tensor.dtype) else {
      throw error("dtype \(tensor.dtype.quotedFromFile) is not F32, F64, F16, BF16, BOOL or an integer")
    }
    guard tensor.shape.count <= Shape.maximumRank else {
      throw error("has \(tensor.shape.count) axes, more than \(Shape.maximumRank)")
    }
    guard let shape = Shape(exactly: tensor.shape) else {
      throw error("no tensor has the shape \(tensor.shape)")
    }
    let offsets = tensor.offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw error("data_offsets \(offsets.prefix(4)) are not the start and end of its bytes")
    }
    guard offsets[1] <= fileLength - start else {
      throw error("ends at byte \(offsets[1]) of the data, which has \(fileLength - start): cut off")
    }
    let (needed, overflow) = shape.count.multipliedReportingOverflow(by: format.byteCount)
    let length = offsets[1] - offsets[0]
    guard !overflow, needed == length else {
      throw error("\(tensor.dtype) of shape \(shape) does not take \(length) bytes")
    }
    self.name = name
    self.format = format
    self.shape = shape
    range = start + offsets[0]..<start + offsets[1]
  }
}

/// The header as it is written.
struct WrittenHeader: Decodable {
  struct Tensor: Decodable {
    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    let dtype: String
    let shape: [Int]
    let offsets: [Int]
  }

  private(set) var tensors: [String: Tensor] = [:]
  let metadata: [String: String]

  /// The number of keys that this header takes, at all depths.
  let keyCount: Int

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for key in container.allKeys where key.stringValue != SafetensorsHeader.metadataKey {
      tensors[key.stringValue] = try container.decode(Tensor.self, forKey: key)
    }
    let text = try container.decodeIfPresent(
      [String: String].self, forKey: Name(stringValue: SafetensorsHeader.metadataKey))
    metadata = text ?? [:]
    keyCount = tensors.count * 4 + (text == nil ? 0 : 1 + metadata.count)
  }
}

extension ArraySlice<UInt8> {
  /// The number of keys in a valid JSON text: the colons outside its strings.
  fileprivate var keyCount: Int {
    var (count, inString, escaped) = (0, false, false)
    for byte in self {
      switch byte {
      case _ where escaped: escaped = false
      case UInt8(ascii: "\\"): escaped = inString
      case UInt8(ascii: "\""): inString.toggle()
      case UInt8(ascii: ":") where !inString: count += 1
      default: break
      }
    }
    return count
  }
}

extension NumberFormat {
  fileprivate init?(safetensors name: String) {
    switch name {
    case "F32": self = .float32
    case "F64": self = .float64
    case "F16": self = .float16
    case "BF16": self = .bfloat16
    case "BOOL": self = .bool
    case "I8": self = .int8
    case "U8": self = .uint8
    case "I16": self = .int16
    case "U16": self = .uint16
    case "I32": self = .int32
    case "U32": self = .uint32
    case "I64": self = .int64
    case "U64": self = .uint64
    default: return nil
    }
  }
}
