import Foundation
import Interchange

/// The path of a file of `Tests/Fixtures`.
public func fixture(_ name: String) -> String {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return folder.appending(path: "Fixtures/\(name)").path
}

extension Safetensors {
  /// The file `Tests/Fixtures/NAME.safetensors`.
  public init(fixture name: String) throws {
    try self.init(contentsOf: TestSupport.fixture("\(name).safetensors"))
  }
}
