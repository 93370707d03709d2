import Tensors

/// The reading of several arrays as NumPy's `numpy.savez` and `numpy.savez_compressed` write them: a zip archive of `.npy`
/// files.
public enum NPZ {
  /// All arrays of a file by their names, which are the members' without `.npy`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes to accept of all members together, decompressed.
  /// - Throws: ``FileError`` if the file cannot be read, is damaged (a checksum fails), or a member is no array of
  ///   numbers, as ``NPY/read(_:)`` has it.
  public static func read(_ path: String, limit: Int = GzipFile.defaultLimit) throws -> [String: Tensor] {
    let archive = try ZipArchive(bytes: FileContents.read(path), path: path)
    guard archive.members.reduce(0, { $0 + $1.size }) <= limit else {
      throw FileError.tooLarge(path, limit: limit)
    }
    var arrays: [String: Tensor] = [:]
    for member in archive.members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      let tensor = try NPY.tensor(of: archive.contents(of: member), path: "\(path)/\(member.name)")
      guard arrays.updateValue(tensor, forKey: name) == nil else {
        throw FileError(path: path, reason: "holds two arrays named \(name.quotedFromFile)")
      }
    }
    return arrays
  }
}
