import Foundation
import Tensors

/// The reading and writing of one array as NumPy's `numpy.save` and `numpy.load` do.
///
/// The file is the 6 bytes `\x93NUMPY`, a version, the length of a header, the header as the text of a Python
/// dictionary, and the elements. The format is described at
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
public enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads an array of real numbers, integers or truth values, of either byte order, in row-major or Fortran order.
  ///
  /// Real numbers are rounded to `Float`, integers must be exact, `False` and `True` become 0 and 1.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, is of another kind, or its header does not describe exactly
  ///   the bytes that follow.
  public static func read(_ path: String) throws -> Tensor {
    try tensor(of: FileContents.read(path), path: path)
  }

  /// The array that these bytes of a file, or of a member of an archive, hold.
  static func tensor(of bytes: [UInt8], path: String) throws -> Tensor {
    let (text, start) = try headerRange(of: bytes, path: path)
    let header = try NPYHeader(bytes[text], path: path)

    let (needed, overflow) = header.shape.count.multipliedReportingOverflow(by: header.format.byteCount)
    let length = bytes.count - start
    guard !overflow, needed == length else {
      let fault = !overflow && needed < length ? "too many" : "too few"
      throw FileError(
        path: path, location: .byte(start),
        reason: "\(length) bytes are \(fault) for the shape \(header.shape) and elements of "
          + "\(header.format.byteCount) bytes")
    }
    let tensor = try bytes.withUnsafeBytes { bytes in
      try Tensor(shape: header.shape) { elements in
        do {
          try header.format.convert(
            UnsafeRawBufferPointer(rebasing: bytes[start...]), bigEndian: header.isBigEndian, to: elements)
        } catch let number as NumberFormat.Unrepresentable {
          let offset = start + number.index * header.format.byteCount
          throw FileError(path: path, location: .byte(offset), reason: number.reason)
        }
      }
    }
    return header.isFortranOrder ? tensor.fromFortranOrder : tensor
  }

  /// Writes a tensor as an array of 4-byte reals (`<f4`) in row-major order, version 1.0.
  ///
  /// - Throws: ``FileError`` if the file cannot be written; a former file then stays.
  public static func write(_ tensor: Tensor, to path: String) throws {
    let sizes = tensor.shape.array.map { "\($0)," }.joined(separator: " ")
    let shape = tensor.shape.rank > 1 ? String(sizes.dropLast()) : sizes
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    // The elements begin at a multiple of 64 bytes, after a line feed.
    let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10

    var data = Data(capacity: 10 + length + tensor.count * NumberFormat.float32.byteCount)
    data.append(contentsOf: magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)])
    data.append(contentsOf: text.utf8)
    data.append(contentsOf: Array(repeating: UInt8(ascii: " "), count: length - text.utf8.count - 1))
    data.append(UInt8(ascii: "\n"))
    data.append(littleEndian: tensor)
    try AtomicFile.write(data, to: path)
  }

  /// Where the header's text lies and where the elements begin.
  private static func headerRange(of bytes: [UInt8], path: String) throws -> (Range<Int>, Int) {
    guard bytes.starts(with: magic), bytes.count >= 10 else {
      throw FileError(
        path: path, location: .byte(0), reason: "is not an npy file, which begins with \\x93NUMPY")
    }
    let lengthBytes: Int
    switch bytes[6] {
    case 1: lengthBytes = 2
    case 2, 3: lengthBytes = 4
    default: throw FileError(path: path, location: .byte(6), reason: "npy version \(bytes[6]) is not known")
    }
    let start = 8 + lengthBytes
    let length = bytes[8...].prefix(lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= start, length <= bytes.count - start else {
      throw FileError(path: path, location: .byte(8), reason: "the header is cut off")
    }
    return (start..<start + length, start + length)
  }
}

extension Tensor {
  /// The tensor whose elements these are when the first axis is the fastest.
  fileprivate var fromFortranOrder: Tensor {
    guard shape.rank > 1 else { return self }
    let sizes = shape.array
    var strides = [1]
    for size in sizes.dropLast() { strides.append(strides[strides.count - 1] * size) }
    return withUnsafeElements { source in
      Tensor(shape: shape) { elements in
        var position = Array(repeating: 0, count: sizes.count)
        var offset = 0
        for element in elements.indices {
          elements.initializeElement(at: element, to: source[offset])
          for axis in sizes.indices.reversed() {
            position[axis] += 1
            offset += strides[axis]
            guard position[axis] == sizes[axis] else { break }
            offset -= strides[axis] * sizes[axis]
            position[axis] = 0
          }
        }
      }
    }
  }
}
