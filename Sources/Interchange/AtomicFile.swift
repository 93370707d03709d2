import Foundation

/// The writing of files that are either complete or not there.
///
/// The bytes go to a new file in the same folder, which takes the place of the former one when all of them are on the
/// disk. Whatever fails on the way, the former file stays as it was and nothing half-written is left. A symbolic link
/// to a file stays one; permissions stay. A device or a pipe, such as `/dev/null`, is written to directly.
public enum AtomicFile {
  /// What the names of files begin with while they are written. A process that is killed leaves such a file behind.
  package static let temporaryPrefix = ".partial-"

  /// Writes a file as a whole.
  ///
  /// - Throws: ``FileError`` if the folder is missing, the path cannot be written, or the disk is full.
  public static func write(_ data: Data, to path: String) throws {
    guard let destination = try Destination(path) else { return try writeDirectly(data, to: path) }
    let (temporary, descriptor) = try destination.makeTemporary()
    do {
      defer { close(descriptor) }
      try data.write(to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw FileError.system(path, errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, destination.path) == 0 else {
      let code = errno
      unlink(temporary)
      throw FileError.system(path, code)
    }
    destination.synchronizeFolder()
  }

  /// Checks that a file can be written, so that hours of training do not end in an unwritable path.
  ///
  /// Creates an empty temporary file in the folder and removes it; a former file is not touched.
  ///
  /// - Throws: ``FileError`` as ``write(_:to:)`` would.
  public static func checkWritable(_ path: String) throws {
    guard let destination = try Destination(path) else { return }
    let (temporary, descriptor) = try destination.makeTemporary()
    close(descriptor)
    unlink(temporary)
  }

  private static func writeDirectly(_ data: Data, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.system(path, errno) }
    defer { close(descriptor) }
    try data.write(to: descriptor, path)
  }
}

extension AtomicFile {
  /// A file to be written or replaced.
  private struct Destination {
    /// As its user named it.
    let name: String

    /// Past symbolic links.
    let path: String

    /// The permissions of the file to be replaced.
    let permissions: mode_t?

    var folder: String { (path as NSString).deletingLastPathComponent }

    /// `nil` for a device or a pipe.
    init?(_ name: String) throws {
      guard !name.isEmpty else { throw FileError(path: "\"\"", reason: "an empty path names no file") }
      guard !name.hasSuffix("/") else { throw FileError.system(name, EISDIR) }
      self.name = name
      var status = stat()
      guard stat(name, &status) == 0 else {
        guard errno == ENOENT else { throw FileError.system(name, errno) }
        (path, permissions) = (name, nil)
        return
      }
      guard access(name, W_OK) == 0 else { throw FileError.system(name, errno) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw FileError.system(name, EISDIR)
      default: return nil
      }
      guard let resolved = realpath(name, nil) else { throw FileError.system(name, errno) }
      defer { free(resolved) }
      (path, permissions) = (String(cString: resolved), status.st_mode & 0o7777)
    }

    /// A new empty file in the same folder, open for writing.
    func makeTemporary() throws -> (path: String, descriptor: Int32) {
      while true {
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let temporary = (folder.isEmpty ? "" : folder + "/") + AtomicFile.temporaryPrefix + random
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor >= 0 {
          if let permissions { fchmod(descriptor, permissions) }
          return (temporary, descriptor)
        }
        switch errno {
        case EEXIST: continue
        case ENOENT: throw FileError(path: name, reason: "there is no folder \(folder)")
        default: throw FileError(path: name, reason: "cannot write here: \(FileError.message(errno))")
        }
      }
    }

    /// Puts the new name on the disk too. What a file system does not support is no failure of the writing.
    func synchronizeFolder() {
      let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return }
      fsync(descriptor)
      close(descriptor)
    }
  }
}

extension Data {
  fileprivate func write(to descriptor: Int32, _ path: String) throws {
    try withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
        let count = Foundation.write(descriptor, start, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileError.system(path, errno) }
        rest = rest.dropFirst(count)
      }
    }
  }
}
