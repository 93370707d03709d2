import Foundation
import Interchange
import Tensors

#if PNG
  import CPNG
#endif

/// The reading and writing of pictures as PNG files, by libpng.
///
/// A picture is a tensor `[channels, height, width]` of one channel (grey) or three (red, green, blue), from 0 to 1; values
/// outside are cut off. Its 256 shades are sRGB's.
///
/// Only a build with the package trait `PNG` can; in others each call throws.
public enum PNG {
  /// Whether this build has libpng.
  public static var isAvailable: Bool {
    #if PNG
      true
    #else
      false
    #endif
  }

  /// Writes a picture; the same picture gives the same bytes.
  ///
  /// - Throws: ``ShapeError`` if the tensor is no picture; ``FileError`` if the file cannot be written, or this build has no
  ///   libpng.
  public static func write(_ picture: Tensor, to path: String) throws {
    let shape = picture.shape
    guard shape.rank == 3, shape[0] == 1 || shape[0] == 3, shape.count > 0, shape[1] <= 1 << 16,
      shape[2] <= 1 << 16
    else { throw ShapeError("PNG", expected: "a picture [1 or 3, height, width]", got: shape) }
    let (channels, count) = (shape[0], shape[1] * shape[2])
    let bytes = picture.withUnsafeElements { elements in
      (0..<shape.count).map { index in
        let value = elements[index % channels * count + index / channels]
        return UInt8((255 * min(max(value.isFinite ? value : 0, 0), 1)).rounded())
      }
    }
    try AtomicFile.write(encoded(bytes, channels, shape[1], shape[2], path), to: path)
  }

  /// Reads a picture of grey or of colours; what is transparent lies on black.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, is damaged or larger than 2¹⁶ pixels a side, or this build has no
  ///   libpng.
  public static func read(_ path: String) throws -> Tensor {
    let (bytes, channels, height, width) = try decoded(path)
    return Tensor(shape: [channels, height, width]) { elements in
      for index in elements.indices {
        elements[index % channels * height * width + index / channels] = Float(bytes[index]) / 255
      }
    }
  }
}

#if PNG
  extension PNG {
    private static func encoded(
      _ bytes: [UInt8], _ channels: Int, _ height: Int, _ width: Int, _ path: String
    )
      throws -> Data
    {
      var image = png_image()
      image.version = png_uint_32(PNG_IMAGE_VERSION)
      (image.width, image.height) = (png_uint_32(width), png_uint_32(height))
      image.format = channels == 1 ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)
      defer { png_image_free(&image) }
      // Without memory it tells how much is needed.
      var size = 0
      guard png_image_write_to_memory(&image, nil, &size, 0, bytes, 0, nil) != 0 else {
        throw FileError(path: path, reason: image.reason)
      }
      var data = Data(count: size)
      let isWritten = data.withUnsafeMutableBytes {
        png_image_write_to_memory(&image, $0.baseAddress, &size, 0, bytes, 0, nil) != 0
      }
      guard isWritten else { throw FileError(path: path, reason: image.reason) }
      return data.prefix(size)
    }

    private static func decoded(_ path: String) throws -> (
      bytes: [UInt8], channels: Int, height: Int, width: Int
    ) {
      // libpng reads from the same memory in two steps.
      try FileContents.read(path).withUnsafeBufferPointer { try decoded($0, path) }
    }

    private static func decoded(
      _ file: UnsafeBufferPointer<UInt8>, _ path: String
    ) throws -> (bytes: [UInt8], channels: Int, height: Int, width: Int) {
      var image = png_image()
      image.version = png_uint_32(PNG_IMAGE_VERSION)
      defer { png_image_free(&image) }
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else {
        throw FileError(path: path, reason: image.reason)
      }
      let (height, width) = (Int(image.height), Int(image.width))
      let channels = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) == 0 ? 1 : 3
      // Deflate makes at most 1,032 bytes of one: no more memory is taken than the file warrants.
      guard height <= 1 << 16, width <= 1 << 16, height * width / 8 <= 1032 * file.count else {
        throw FileError(path: path, reason: "claims \(width) × \(height) pixels, more than it can hold")
      }
      image.format = channels == 1 ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)
      var bytes = [UInt8](repeating: 0, count: channels * height * width)
      var black = png_color(red: 0, green: 0, blue: 0)
      guard png_image_finish_read(&image, &black, &bytes, 0, nil) != 0 else {
        throw FileError(path: path, reason: image.reason)
      }
      return (bytes, channels, height, width)
    }
  }

  extension png_image {
    /// What libpng says went wrong.
    fileprivate var reason: String {
      withUnsafeBytes(of: message) { bytes in
        "libpng says: " + String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
  }
#else
  extension PNG {
    private static func encoded(_: [UInt8], _: Int, _: Int, _: Int, _ path: String) throws -> Data {
      throw unavailable(path)
    }

    private static func decoded(_ path: String) throws -> (
      bytes: [UInt8], channels: Int, height: Int, width: Int
    ) {
      throw unavailable(path)
    }

    private static func unavailable(_ path: String) -> FileError {
      FileError(path: path, reason: "this build has no libpng; build with the package trait PNG")
    }
  }
#endif
