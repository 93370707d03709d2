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
    let file = try OpenFile(path)
    var bytes: [UInt8] = []
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try !file.read(into: &bytes)
      guard bytes.count <= limit else { throw FileError.tooLarge(path, limit: limit) }
    }
    return bytes
  }
}
