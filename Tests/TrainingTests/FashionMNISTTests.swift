import Foundation
import Interchange
import TestSupport
import Testing
import Training

@Suite("Fashion-MNIST")
struct FashionMNISTTests {
  private static let isInstalled = FileManager.default.fileExists(atPath: FashionMNIST.defaultDirectory)

  /// The sums of the pixels as they were before scaling, and of the labels.
  private func sums(_ examples: Examples) -> (pixels: Int, labels: Int) {
    let pixels = examples.inputs.withUnsafeElements { $0.reduce(0) { $0 + Int(($1 * 255).rounded()) } }
    guard case .labels(let labels, classes: 10) = examples.targets else { return (pixels, -1) }
    return (pixels, labels.reduce(0, +))
  }

  @Test("every image and label is there", .enabled(if: isInstalled, "dataset-fashion-mnist is not installed"))
  func installed() throws {
    let (training, test) = try FashionMNIST.load()
    #expect(training.inputs.shape == [60_000, 784] && test.inputs.shape == [10_000, 784])
    #expect(sums(training) == (3_431_114_169, 270_000))
    #expect(sums(test) == (573_469_082, 45_000))
    #expect(test.inputs.array.allSatisfy { (0...1).contains($0) })
  }

  /// Writes one part with `count` images, all pixels 255, and the given labels.
  private func write(_ part: String, to folder: borrowing TemporaryFolder, count: UInt8, labels: [UInt8])
    throws
  {
    let pixels = Array(repeating: UInt8(255), count: Int(count) * 784)
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]
    _ = try folder.file("\(part)-images-idx3-ubyte", images + pixels)
    _ = try folder.file(
      "\(part)-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels)
  }

  @Test("another folder, files not compressed")
  func folder() throws {
    let folder = try TemporaryFolder()
    try write("train", to: folder, count: 2, labels: [9, 0])
    try write("t10k", to: folder, count: 1, labels: [3])
    let (training, test) = try FashionMNIST.load(from: folder.path)
    #expect(training.targets == .labels([9, 0], classes: 10) && test.count == 1)
    #expect(training.inputs.array.allSatisfy { $0 == 1 })
  }

  @Test("missing and wrong files")
  func errors() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    func fault() -> String { message { _ = try FashionMNIST.load(from: path) } }
    #expect(
      fault() == "\(path)/train-images-idx3-ubyte.gz: no such file; "
        + "install the package dataset-fashion-mnist (apt-get install dataset-fashion-mnist)")
    try write("train", to: folder, count: 2, labels: [9, 10])
    #expect(
      fault().hasSuffix("train-labels-idx1-ubyte: example 1: the label 10 is not one of the classes 0..<10"))
    try write("train", to: folder, count: 2, labels: [9])
    #expect(fault().hasSuffix("there are 2 inputs but 1 targets"))
    _ = try folder.file("train-images-idx3-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 7])
    #expect(fault().hasSuffix("holds [1] numbers; expected finite pixels [images, …]"))
  }

  @Test("names")
  func names() {
    #expect(FashionMNIST.labelNames.count == 10)
    #expect(FashionMNIST.imageShape.count == 784)
  }
}
