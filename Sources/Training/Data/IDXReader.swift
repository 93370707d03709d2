import Interchange
import Tensors

/// The reading of IDX files, in which the MNIST family of data sets comes.
///
/// The file is two zero bytes, the code of the number format, the number of axes, the size of each axis as 4 bytes,
/// and the elements in row-major order; all numbers have their most significant byte first. It may be compressed by
/// gzip. The format is described at http://yann.lecun.com/exdb/mnist/.
public enum IDX {
  /// Reads an array of any of the format's six kinds of numbers.
  ///
  /// Real numbers are rounded to `Float`, integers must be exact.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, is of another kind, or holds fewer or more bytes than its
  ///   header says.
  public static func read(_ path: String) throws -> Tensor {
    let bytes = try GzipFile.contents(of: path)
    func error(_ offset: Int, _ reason: String) -> FileError {
      FileError(path: path, location: .byte(offset), reason: reason)
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw error(0, "is not an IDX file, which begins with two zero bytes")
    }
    guard let format = NumberFormat(idx: bytes[2]) else {
      throw error(2, "the code \(bytes[2]) names no number format of IDX")
    }
    let (rank, start) = (Int(bytes[3]), 4 + 4 * Int(bytes[3]))
    guard 1...Shape.maximumRank ~= rank else {
      throw error(3, "has \(rank) axes; expected 1 to \(Shape.maximumRank)")
    }
    guard bytes.count >= start else { throw error(bytes.count, "is cut off in its header") }
    let sizes = (0..<rank).map { axis in bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) } }
    guard let shape = Shape(exactly: sizes) else { throw error(4, "no array has the shape \(sizes)") }
    let (needed, overflow) = shape.count.multipliedReportingOverflow(by: format.byteCount)
    let length = bytes.count - start
    guard !overflow, needed == length else {
      let fault = !overflow && needed < length ? "too many" : "too few"
      throw error(
        start, "\(length) bytes are \(fault) for the shape \(shape) and elements of \(format.byteCount) bytes"
      )
    }
    return try bytes.withUnsafeBytes { bytes in
      try Tensor(shape: shape) { elements in
        do {
          try format.convert(UnsafeRawBufferPointer(rebasing: bytes[start...]), bigEndian: true, to: elements)
        } catch let number as NumberFormat.Unrepresentable {
          throw error(start + number.index * format.byteCount, number.reason)
        }
      }
    }
  }

  /// Reads an array of one axis that holds class labels.
  ///
  /// - Throws: ``FileError`` as ``read(_:)`` does, and if there is another number of axes or an element is not a
  ///   whole number from 0.
  public static func labels(_ path: String) throws -> [Int] {
    let tensor = try read(path)
    guard tensor.shape.rank == 1 else {
      throw FileError(
        path: path, reason: "holds an array of shape \(tensor.shape); expected one label an example")
    }
    return try tensor.array.enumerated().map { index, element in
      guard let label = Int(exactly: element), label >= 0, label < Targets.mostClasses else {
        throw FileError(path: path, reason: "element \(index): \(element) is not a class label")
      }
      return label
    }
  }

  /// Reads images and their labels, as the MNIST family of data sets has them in two files.
  ///
  /// - Parameters:
  ///   - images: an array `[examples, …]` of pixels from 0 to 255.
  ///   - labels: an array `[examples]` of class labels.
  ///   - classes: the number of classes; where `nil`, as many as the largest label needs.
  /// - Returns: inputs `[examples, pixels]`, each pixel from 0 to 1.
  /// - Throws: ``FileError`` as ``read(_:)`` and ``labels(_:)`` do, and if the two do not belong together.
  public static func examples(images: String, labels: String, classes: Int? = nil) throws -> Examples {
    var pixels = try read(images)
    pixels.withUnsafeMutableElements { pixels in
      for index in pixels.indices { pixels[index] /= 255 }
    }
    guard pixels.shape.rank > 1, pixels.isFinite else {
      throw FileError(
        path: images, reason: "holds \(pixels.shape) numbers; expected finite pixels [images, …]")
    }
    let (count, labelled) = (pixels.shape[0], try Self.labels(labels))
    do {
      return try Examples(
        inputs: pixels.reshaped(to: [count, pixels.shape.droppingFirst.count]),
        targets: .labels(labelled, classes: classes ?? (labelled.max() ?? 0) + 1))
    } catch let error as DataError {
      throw FileError(path: labels, reason: error.description)
    }
  }
}

extension NumberFormat {
  fileprivate init?(idx code: UInt8) {
    switch code {
    case 0x08: self = .uint8
    case 0x09: self = .int8
    case 0x0B: self = .int16
    case 0x0C: self = .int32
    case 0x0D: self = .float32
    case 0x0E: self = .float64
    default: return nil
    }
  }
}
