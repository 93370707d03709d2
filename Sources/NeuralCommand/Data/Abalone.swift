import NeuralNetworks

/// FANN's abalone set: ten numbers of a shell, of which its age is to be told.
enum Abalone {
  private static let folder = "/usr/share/doc/libfann-dev/examples/datasets"

  private static let package = DataPackage(
    name: "the abalone set",
    origin: .debian(["libfann-doc"], files: ["train", "test"].map { "\(folder)/abelone.\($0)" }))

  static func load(_ installation: InstallOption) throws -> (training: Examples, test: Examples) {
    let files = try package.files(installing: installation.install)
    return (try FANN.read(files[0]), try FANN.read(files[1]))
  }
}
