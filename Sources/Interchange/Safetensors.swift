import Foundation
import Tensors

/// Named tensors as a safetensors file holds them.
///
/// The file is the length of a JSON header as 8 bytes, the header, and the tensors' elements. The header gives each
/// tensor's number format, shape and place. The format is described at
/// https://github.com/huggingface/safetensors#format.
///
///     var file = Safetensors(tensors: [("0.weight", weight)], metadata: ["format": "pt"])
///     try file.write(to: "model.safetensors")
///     let weight = try Safetensors(contentsOf: "model.safetensors")["0.weight"]
public struct Safetensors: Sendable {
  /// The tensors in the order of their elements in the file.
  public var tensors: [(name: String, tensor: Tensor)]

  /// Free text kept with the tensors.
  public var metadata: [String: String]

  /// Tensors to be written in the given order.
  public init(tensors: [(name: String, tensor: Tensor)] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The first tensor of this name.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// Reads a file.
  ///
  /// Tensors of F32, F64, F16, BF16 and of integers become `Float`. Real numbers are rounded, integers must be exact.
  ///
  /// - Throws: ``FileError`` if the file cannot be read or its header does not describe exactly the bytes that follow:
  ///   every byte must belong to one tensor, and each tensor's bytes must be those of its shape.
  public init(contentsOf path: String) throws {
    let bytes = try FileContents.read(path)
    let header = try SafetensorsHeader(of: bytes, path: path)
    metadata = header.metadata
    tensors = try bytes.withUnsafeBytes { bytes in
      try header.entries.map { entry in
        let tensor = try Tensor(shape: entry.shape) { elements in
          do {
            try entry.format.convert(UnsafeRawBufferPointer(rebasing: bytes[entry.range]), to: elements)
          } catch let number as NumberFormat.Unrepresentable {
            let offset = entry.range.lowerBound + number.index * entry.format.byteCount
            throw FileError(
              path: path, location: .byte(offset),
              reason: "tensor \(entry.name.quotedFromFile): \(number.reason)")
          }
        }
        return (entry.name, tensor)
      }
    }
  }

  /// Writes a file of F32 tensors; the same tensors and metadata give the same bytes.
  ///
  /// - Throws: ``FileError`` if two tensors have one name or the file cannot be written; a former file then stays.
  public func write(to path: String) throws {
    var names: Set<String> = [SafetensorsHeader.metadataKey]
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\($0.key.asJSON):\($0.value.asJSON)" }
      fields.append("\(SafetensorsHeader.metadataKey.asJSON):{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in tensors {
      guard names.insert(name).inserted else {
        throw FileError(path: path, reason: "cannot hold two tensors named \(name.quotedFromFile)")
      }
      let sizes = tensor.shape.array.map(String.init).joined(separator: ",")
      let end = offset + tensor.count * NumberFormat.float32.byteCount
      let place = "\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]"
      fields.append("\(name.asJSON):{\"dtype\":\"F32\",\(place)}")
      offset = end
    }
    let text = Array("{\(fields.joined(separator: ","))}".utf8)
    let header = text + Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)

    var data = Data(capacity: 8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header)
    for (_, tensor) in tensors { data.append(littleEndian: tensor) }
    try AtomicFile.write(data, to: path)
  }
}

extension Data {
  /// Appends the elements as 4 bytes each, the least significant first.
  mutating func append(littleEndian tensor: Tensor) {
    #if _endian(little)
      tensor.withUnsafeElements { append(contentsOf: UnsafeRawBufferPointer($0)) }
    #else
      for element in tensor.array {
        withUnsafeBytes(of: element.bitPattern.littleEndian) { append(contentsOf: $0) }
      }
    #endif
  }
}

extension String {
  /// This text as a JSON string.
  fileprivate var asJSON: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\0"..<" ":
        let code = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
