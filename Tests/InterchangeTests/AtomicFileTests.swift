import Foundation
import Interchange
import TestSupport
import Testing

@Suite("Files written as a whole")
struct AtomicFileTests {
  private let old = Data("old".utf8)
  private let new = Data("new content".utf8)

  @Test("new and replaced files, and nothing else in the folder")
  func write() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try AtomicFile.write(old, to: path)
    #expect(try bytes(of: path) == Array(old))
    try AtomicFile.write(new, to: path)
    #expect(try bytes(of: path) == Array(new))
    try AtomicFile.write(Data(), to: path)
    #expect(try bytes(of: path) == [])
    #expect(try folder.names == ["a"])
  }

  @Test("links stay links, permissions stay")
  func linksAndPermissions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", old)
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try AtomicFile.write(new, to: link)
    #expect(try bytes(of: path) == Array(new))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
  }

  @Test("paths that cannot be written, told before and while writing")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", old)
    let long = folder.path + "/" + String(repeating: "x", count: 300)
    for path in ["", folder.path, folder.path + "/", folder.path + "/none/a", file + "/a", long] {
      let before = message { try AtomicFile.checkWritable(path) }
      let during = message { try AtomicFile.write(new, to: path) }
      #expect(before == during && !before.isEmpty)
    }
    #expect(message { try AtomicFile.checkWritable("/none/a") } == "/none/a: there is no folder /none")
    #expect(try folder.names == ["a"])
    #expect(try bytes(of: file) == Array(old))
  }

  @Test("a folder without permission", .enabled(if: geteuid() != 0, "root may write everywhere"))
  func permission() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", old)
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
    #expect(message { try AtomicFile.write(new, to: file) }.hasSuffix("permission denied"))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    #expect(try bytes(of: file) == Array(old))
  }

  @Test("checking changes nothing")
  func check() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", old)
    try AtomicFile.checkWritable(file)
    try AtomicFile.checkWritable(folder.path + "/b")
    #expect(try folder.names == ["a"])
    #expect(try bytes(of: file) == Array(old))
  }

  @Test(
    "devices are written to, not replaced; a full one says so", .enabled(if: access("/dev/full", W_OK) == 0))
  func devices() throws {
    try AtomicFile.write(new, to: "/dev/null")
    try AtomicFile.checkWritable("/dev/null")
    #expect(message { try AtomicFile.write(new, to: "/dev/full") } == "/dev/full: no space left on the disk")
  }
}
