import Interchange
import TestSupport
import Testing

@Suite("Safetensors headers that lie")
struct SafetensorsHeaderTests {
  /// What reading a file with this header and 8 bytes of data says.
  private func fault(_ header: String, data: Int = 8, length: UInt64? = nil) throws -> String {
    let folder = try TemporaryFolder()
    let bytes = SafetensorsTests.file(header, Array(repeating: 0, count: data), length: length)
    let path = try folder.file("a", bytes)
    return message {
      do { _ = try Safetensors(contentsOf: path) } catch let error as FileError { throw error }
    }
  }

  private func tensor(
    _ name: String, _ shape: String, _ start: Int, _ end: Int, dtype: String = "F32"
  ) -> String {
    #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":[\#(start),\#(end)]}"#
  }

  @Test("sound headers are read")
  func sound() throws {
    #expect(try fault("{\(tensor("x", "[2]", 0, 8))}") == "")
    #expect(try fault("{\(tensor("y", "[1,1]", 4, 8)),\(tensor("x", "[]", 0, 4))}   ") == "")
    #expect(try fault("{\"__metadata__\":{\"a:b\":\"c\\\":\"},\(tensor("x:", "[2]", 0, 8))}") == "")
  }

  @Test("lengths")
  func lengths() throws {
    #expect(try fault("{}", data: 0, length: 3).contains("cut off"))
    #expect(try fault("{}", data: 0, length: .max).contains("cut off"))
    #expect(try fault("{}", data: 0, length: 1 << 63).contains("cut off"))
    #expect(try fault("{}", data: 8).contains("8 bytes belong to no tensor"))
    let folder = try TemporaryFolder()
    for count in 0..<8 {
      let path = try folder.file("a", Array(repeating: 0, count: count))
      #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
    }
    let empty = try folder.file("a", Array(repeating: 0, count: 8))
    #expect(throws: FileError.self) { try Safetensors(contentsOf: empty) }
  }

  @Test("text")
  func text() throws {
    for header in [
      "", " {}", "[]", "{", "{\"x\"}", "{\"x\":1}", "{\"x\":{}}", "{\"x\":{\"dtype\":\"F32\"}}", "{}{}",
      "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":null}", "{\0}",
      "{\"x\":{\"dtype\":\"F32\",\"shape\":[2.5]}}",
      String(repeating: "{\"a\":", count: 100_000), "{\"a\":" + String(repeating: "[", count: 100_000),
    ] {
      #expect(try !fault(header).isEmpty, "\(header.prefix(40))")
    }
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [4, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0xFF, 0xFE, 0x7D])
    #expect(message { _ = try Safetensors(contentsOf: path) }.contains("UTF-8"))
  }

  @Test("repeated names and unknown fields")
  func repeated() throws {
    let (x, y) = (tensor("x", "[1]", 0, 4), tensor("x", "[1]", 4, 8))
    #expect(try fault("{\(x),\(y)}").contains("repeats a name"))
    #expect(try fault("{\(x),\(x)}", data: 4).contains("repeats a name"))
    #expect(try fault("{\(x),\(tensor("\\u0078", "[1]", 0, 4))}", data: 4).contains("repeats a name"))
    let shapes = #"{"x":{"dtype":"F32","shape":[9],"shape":[2],"data_offsets":[0,8]}}"#
    #expect(try fault(shapes).contains("repeats a name"))
  }

  @Test("offsets")
  func offsets() throws {
    let first = tensor("x", "[1]", 0, 4)
    #expect(try fault("{\(first),\(tensor("y", "[1]", 4, 8))}") == "")
    #expect(try fault("{\(first),\(tensor("y", "[1]", 0, 4))}").contains("overlaps"))
    #expect(try fault("{\(first),\(tensor("y", "[1]", 3, 7))}").contains("overlaps"))
    #expect(try fault("{\(first),\(tensor("y", "[0]", 2, 2))}").contains("overlaps"))
    #expect(try fault("{\(first),\(tensor("y", "[1]", 8, 12))}", data: 12).contains("gap"))
    #expect(try fault("{\(tensor("y", "[1]", 4, 8))}").contains("gap"))
    #expect(try fault("{\(first)}").contains("last 4 bytes belong to no tensor"))
    #expect(try fault("{\(tensor("x", "[3]", 0, 12))}").contains("cut off"))
    #expect(try fault("{\(tensor("x", "[2]", 0, Int.max))}").contains("cut off"))
    for offsets in ["[8,0]", "[-8,0]", "[]", "[0]", "[0,8,8]", "[0,1e400]", "[0,9223372036854775808]"] {
      #expect(
        try !fault(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":\#(offsets)}}"#).isEmpty, "\(offsets)")
    }
  }

  @Test("shapes")
  func shapes() throws {
    #expect(try fault("{\(tensor("x", "[3]", 0, 8))}").contains("does not take 8 bytes"))
    #expect(try fault("{\(tensor("x", "[2]", 0, 8, dtype: "F64"))}").contains("does not take 8 bytes"))
    #expect(try fault("{\(tensor("x", "[-2]", 0, 8))}").contains("no tensor has the shape"))
    #expect(
      try fault("{\(tensor("x", "[4294967296,4294967296]", 0, 8))}").contains("no tensor has the shape"))
    #expect(try fault("{\(tensor("x", "[4611686018427387904]", 0, 8))}").contains("does not take"))
    #expect(try fault("{\(tensor("x", "[1,1,1,1,1,1,1,1,2]", 0, 8))}").contains("9 axes"))
  }
}
