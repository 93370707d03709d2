import Foundation

/// A folder that is gone after the test.
public struct TemporaryFolder: ~Copyable {
  /// The folder's own path.
  public let path: String

  /// A new, empty folder.
  public init() throws {
    path = NSTemporaryDirectory() + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file of this name, which need not be there.
  public func path(of name: String) -> String { path + "/" + name }

  /// The path of a file in this folder that holds the given bytes.
  public func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = path(of: name)
    // A new file; some file systems flush one that was emptied and written again to the disk.
    try? FileManager.default.removeItem(atPath: file)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// The path of a file in this folder that holds the given text.
  public func file(_ name: String, _ text: String) throws -> String { try file(name, text.utf8) }

  /// The names of the files in this folder.
  public var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// The bytes of a file.
public func bytes(of path: String) throws -> [UInt8] {
  try Array(Data(contentsOf: URL(fileURLWithPath: path)))
}

/// What the error thrown by `body` says; empty if there is none.
public func message(_ body: () throws -> Void) -> String {
  do { try body() } catch { return "\(error)" }
  return ""
}
