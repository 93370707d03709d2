import Interchange
import TestSupport
import Testing

@Suite("Gzip files")
struct GzipFileTests {
  /// A gzip file of one stored block.
  private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let length = UInt16(bytes.count)
    let trailer = [crc32(bytes), UInt32(bytes.count)]
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
      + [length, ~length].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } + bytes
      + trailer.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }

  private let text = Array("the quick brown fox".utf8)

  @Test("plain, compressed, several members, empty")
  func contents() throws {
    let folder = try TemporaryFolder()
    #expect(try GzipFile.contents(of: folder.file("plain", text)) == text)
    #expect(try GzipFile.contents(of: folder.file("a.gz", Self.gzip(text))) == text)
    #expect(try GzipFile.contents(of: folder.file("b.gz", Self.gzip(text) + Self.gzip(text))) == text + text)
    #expect(try GzipFile.contents(of: folder.file("empty", [])) == [])
    #expect(try GzipFile.contents(of: folder.file("empty.gz", Self.gzip([]))) == [])
  }

  @Test("every cut and every damaged byte of the data is reported")
  func damage() throws {
    let folder = try TemporaryFolder()
    let whole = Self.gzip(text)
    for length in 2..<whole.count {
      let path = try folder.file("cut.gz", whole[..<length])
      #expect(message { _ = try GzipFile.contents(of: path) }.hasSuffix("cut off"), "cut at \(length)")
    }
    // The first byte after the header has unused bits.
    for index in 11..<whole.count {
      var damaged = whole
      damaged[index] ^= 0x20
      let path = try folder.file("damaged.gz", damaged)
      #expect(throws: FileError.self, "byte \(index)") { try GzipFile.contents(of: path) }
    }
  }

  @Test("no more than the limit")
  func limit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.gz", Self.gzip(text))
    #expect(try GzipFile.contents(of: path, limit: text.count) == text)
    #expect(
      message { _ = try GzipFile.contents(of: path, limit: text.count - 1) }
        == "\(path): holds more than the 18 bytes allowed")
    // An endless file stops there too.
    #expect(throws: FileError.self) { try GzipFile.contents(of: "/dev/zero", limit: 1 << 20) }
  }

  @Test("missing files and folders")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/missing"
    #expect(message { _ = try GzipFile.contents(of: missing) } == "\(missing): no such file")
    let path = folder.path
    #expect(message { _ = try GzipFile.contents(of: path) } == "\(path): is a folder")
  }
}
