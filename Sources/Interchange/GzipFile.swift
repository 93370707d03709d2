import CZlib
import Foundation

/// The reading of files that may be compressed by gzip.
public enum GzipFile {
  /// The most bytes read unless another limit is given: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// The decompressed bytes of a gzip file, or the bytes of any other file as they are.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes to accept. A small file can decompress to a thousand times its size; no more memory
  ///     than for about twice this many bytes is ever used.
  /// - Returns: the bytes.
  /// - Throws: ``FileError`` if the file is missing, a folder, unreadable, cut off, damaged (a checksum fails), or
  ///   holds more than `limit` bytes.
  public static func contents(of path: String, limit: Int = defaultLimit) throws -> [UInt8] {
    errno = 0
    guard let file = gzopen(path, "rbe") else { throw FileError.system(path, errno == 0 ? ENOMEM : errno) }
    defer { gzclose_r(file) }
    gzbuffer(file, 1 << 17)

    var bytes: [UInt8] = []
    try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
      while true {
        let count = Int(gzread(file, buffer.baseAddress, UInt32(buffer.count)))
        if count > 0 {
          guard bytes.count + count <= limit else { throw FileError.tooLarge(path, limit: limit) }
          bytes.append(contentsOf: buffer[..<count])
        }
        // A cut-off file gives its last bytes first, the error with them or after them.
        try check(file, path)
        if count <= 0 { return }
      }
    }
    return bytes
  }

  private static func check(_ file: gzFile, _ path: String) throws {
    let systemCode = errno
    var code: Int32 = Z_OK
    _ = gzerror(file, &code)
    switch code {
    case Z_OK, Z_STREAM_END: return
    case Z_ERRNO: throw FileError.system(path, systemCode)
    case Z_BUF_ERROR: throw FileError(path: path, reason: "the gzip data is cut off")
    case Z_DATA_ERROR: throw FileError(path: path, reason: "the gzip data is damaged")
    case Z_MEM_ERROR: throw FileError.system(path, ENOMEM)
    default: throw FileError(path: path, reason: "the gzip data cannot be read (zlib error \(code))")
    }
  }
}
