import CZlib

/// The members of a zip archive, stored or deflated, as its central directory gives them.
///
/// Every size and place is checked against the file before it is used, and what a member claims to hold against what
/// deflate could make of its bytes, so that no more memory is taken than the file warrants. Encrypted members and archives
/// in several files are refused. The format is PKWARE's "APPNOTE.TXT", sections 4.3 and 4.4.
package struct ZipArchive {
  /// A file in the archive.
  package struct Member {
    package let name: String
    /// Bytes once decompressed.
    let size: Int
    fileprivate let method: Int
    fileprivate let compressedSize: Int
    fileprivate let checksum: UInt32
    fileprivate let header: Int
  }

  package let members: [Member]
  private let bytes: [UInt8]
  private let path: String

  private static let endSignature = 0x0605_4B50
  private static let entrySignature = 0x0201_4B50
  private static let headerSignature = 0x0403_4B50

  /// Deflate makes at most this many bytes of one: zlib's technical details.
  private static let greatestRatio = 1032

  package init(contentsOf path: String) throws { try self.init(bytes: FileContents.read(path), path: path) }

  init(bytes: [UInt8], path: String) throws {
    (self.bytes, self.path) = (bytes, path)
    let reader = ByteReader(bytes: bytes, path: path)
    // The end record is 22 bytes and a comment of at most 65,535.
    let last = bytes.count - 22
    guard last >= 0,
      let end = stride(from: last, through: max(0, last - 65_535), by: -1).first(where: { place in
        bytes[place] == 0x50 && (try? reader.number(at: place, 4)) == Self.endSignature
      })
    else { throw FileError(path: path, reason: "is not a zip archive, or is cut off") }
    let count = try reader.number(at: end + 10, 2)
    var place = try reader.number(at: end + 16, 4)
    var members: [Member] = []
    for _ in 0..<count {
      let (member, length) = try Self.entry(at: place, reader)
      members.append(member)
      place += length
    }
    self.members = members
  }

  /// A member as the central directory has it, and the length of its entry there.
  private static func entry(at place: Int, _ reader: ByteReader) throws -> (Member, length: Int) {
    guard try reader.number(at: place, 4) == entrySignature else {
      throw reader.error(place, "the archive's directory is damaged")
    }
    let (flags, method) = (try reader.number(at: place + 8, 2), try reader.number(at: place + 10, 2))
    guard flags & 1 == 0, method == 0 || method == 8 else {
      throw reader.error(place, "a member is encrypted, or compressed in a way that is not known")
    }
    let lengths = try [28, 30, 32].map { try reader.number(at: place + $0, 2) }
    let name = try reader.range(at: place + 46, lengths[0])
    var sizes = [
      try reader.number(at: place + 24, 4), try reader.number(at: place + 20, 4),
      try reader.number(at: place + 42, 4),
    ]
    try replaceLargeSizes(&sizes, extra: place + 46 + lengths[0], lengths[1], reader)
    guard sizes[0] <= sizes[1] * (method == 0 ? 1 : greatestRatio), sizes[1] <= reader.bytes.count else {
      throw reader.error(place, "a member claims more bytes than it can hold")
    }
    let member = Member(
      name: String(decoding: reader.bytes[name], as: UTF8.self), size: sizes[0], method: method,
      compressedSize: sizes[1], checksum: UInt32(truncatingIfNeeded: try reader.number(at: place + 16, 4)),
      header: sizes[2])
    return (member, 46 + lengths.reduce(0, +))
  }

  /// Sizes and places of 4 GiB and more stand in a field of their own, in this order, and only those that need it.
  private static func replaceLargeSizes(
    _ sizes: inout [Int], extra start: Int, _ length: Int, _ reader: ByteReader
  ) throws {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var place = start
    while place + 4 <= start + length {
      let (kind, count) = (try reader.number(at: place, 2), try reader.number(at: place + 2, 2))
      if kind == 1 {
        var value = place + 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && value + 8 <= place + 4 + count {
          sizes[index] = try reader.number(at: value, 8)
          value += 8
        }
        return
      }
      place += 4 + count
    }
  }

  /// The bytes of a member.
  ///
  /// - Throws: ``FileError`` if they are damaged.
  package func contents(of member: Member) throws -> [UInt8] {
    let reader = ByteReader(bytes: bytes, path: path)
    guard try reader.number(at: member.header, 4) == Self.headerSignature else {
      throw reader.error(member.header, "a member does not begin where the directory says")
    }
    let skipped = try reader.number(at: member.header + 26, 2) + reader.number(at: member.header + 28, 2)
    let packed = try reader.range(at: member.header + 30 + skipped, member.compressedSize)
    let contents = member.method == 0 ? Array(bytes[packed]) : try inflated(bytes[packed], member)
    let checksum = contents.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    guard contents.count == member.size, UInt32(truncatingIfNeeded: checksum) == member.checksum else {
      throw reader.error(member.header, "the member \(member.name.quotedFromFile) is damaged")
    }
    return contents
  }

  private func inflated(_ packed: ArraySlice<UInt8>, _ member: Member) throws -> [UInt8] {
    guard packed.count <= Int(UInt32.max), member.size <= Int(UInt32.max) else {
      throw FileError(path: path, reason: "the member \(member.name.quotedFromFile) is larger than 4 GiB")
    }
    var stream = z_stream()
    // Raw deflate: no header of zlib's around it.
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw FileError(path: path, reason: "there is no memory for decompression") }
    defer { inflateEnd(&stream) }
    return packed.withUnsafeBufferPointer { packed in
      [UInt8](unsafeUninitializedCapacity: member.size) { contents, count in
        stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
        stream.avail_in = UInt32(packed.count)
        stream.next_out = contents.baseAddress
        stream.avail_out = UInt32(member.size)
        let code = inflate(&stream, Z_FINISH)
        // Of damaged data nothing counts.
        count = code == Z_STREAM_END ? Int(stream.total_out) : 0
      }
    }
  }
}

/// Little-endian numbers and ranges within a file.
private struct ByteReader {
  let bytes: [UInt8]
  let path: String

  func error(_ place: Int, _ reason: String) -> FileError {
    FileError(path: path, location: .byte(place), reason: reason)
  }

  /// So many bytes from a place on.
  func range(at place: Int, _ count: Int) throws -> Range<Int> {
    guard place >= 0, count >= 0, count <= bytes.count, place <= bytes.count - count else {
      throw FileError(path: path, reason: "the archive is cut off")
    }
    return place..<place + count
  }

  /// The number in so many bytes; one that is no `Int` is greater than any file.
  func number(at place: Int, _ count: Int) throws -> Int {
    let value = try bytes[range(at: place, count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? Int.max >> 11
  }
}
