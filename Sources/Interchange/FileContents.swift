import Foundation

/// The reading of whole files as they are.
package enum FileContents {
  /// The most bytes read: 16 GiB. An endless file, such as a device, stops there.
  package static let limit = 1 << 34

  /// All bytes of a file.
  ///
  /// - Throws: ``FileError`` if it is missing, a folder, unreadable or larger than `limit`.
  package static func read(_ path: String, limit: Int = limit) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.system(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.system(path, errno) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(0, Int(status.st_size)), limit))
    return try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      while true {
        let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileError.system(path, errno) }
        guard count > 0 else { return bytes }
        guard bytes.count + count <= limit else { throw FileError.tooLarge(path, limit: limit) }
        bytes.append(contentsOf: buffer[..<count])
      }
    }
  }
}

extension FileError {
  /// What the system says about a failed call on a file.
  static func system(_ path: String, _ code: Int32) -> FileError {
    FileError(path: path, reason: message(code))
  }

  /// The system's words for an error number, as they read after a colon.
  static func message(_ code: Int32) -> String {
    switch code {
    case ENOENT: "no such file"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "is a folder"
    case ENOSPC: "no space left on the disk"
    case EROFS: "the file system is read-only"
    default: String(cString: strerror(code)).lowercased()
    }
  }

  static func tooLarge(_ path: String, limit: Int) -> FileError {
    FileError(path: path, reason: "holds more than the \(limit) bytes allowed")
  }
}
