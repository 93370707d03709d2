import CZlib
import Foundation
import Synchronization

/// A file that is read from front to back, decompressed if it is gzip's; closed with the last reference to it.
final class OpenFile: Sendable {
  private let path: String

  /// zlib's handle, used by one reader at a time: a place in a file cannot be shared.
  private let handle: Mutex<UInt>

  init(_ path: String) throws {
    errno = 0
    guard let file = gzopen(path, "rbe") else { throw FileError.system(path, errno == 0 ? ENOMEM : errno) }
    gzbuffer(file, 1 << 17)
    self.path = path
    handle = Mutex(UInt(bitPattern: file))
  }

  deinit { handle.withLock { _ = gzFile(bitPattern: $0).map(gzclose_r) } }

  /// Appends the next bytes; whether there may be more.
  ///
  /// - Throws: ``FileError`` if the file is a folder, unreadable, cut off or damaged.
  func read(into bytes: inout [UInt8]) throws -> Bool {
    try handle.withLock { handle in
      guard let file = gzFile(bitPattern: handle) else { return false }
      return try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
        let count = Int(gzread(file, buffer.baseAddress, UInt32(buffer.count)))
        if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
        // A cut-off file gives its last bytes first, the error with them or after them.
        try Self.check(file, path)
        return count > 0
      }
    }
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
