import Foundation
import Interchange
import Tensors

/// Fashion-MNIST: 60,000 images of clothes to learn from and 10,000 to test on, in ten classes.
///
/// An image has 28 × 28 pixels from 0 (background) to 1. Zalando Research publishes the data under the MIT licence:
/// H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
/// Algorithms", 2017, https://arxiv.org/abs/1708.07747. Debian and Ubuntu package it as `dataset-fashion-mnist`.
public enum FashionMNIST {
  /// Where the package installs the files.
  public static let defaultDirectory = "/usr/share/datasets/fashion-mnist"

  /// The height and width of an image.
  public static let imageShape: Shape = [28, 28]

  /// What the labels 0 to 9 stand for.
  public static let labelNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// Reads both parts.
  ///
  /// The inputs have the shape `[examples, 784]`, a row of pixels after the other. The files may be compressed by
  /// gzip, with `.gz` after their names, or not.
  ///
  /// - Throws: ``FileError`` if a file is missing, damaged, or not of this data set's form.
  public static func load(
    from directory: String = defaultDirectory
  ) throws -> (training: Examples, test: Examples) {
    (try load("train", from: directory), try load("t10k", from: directory))
  }

  private static func load(_ part: String, from directory: String) throws -> Examples {
    let imagePath = try path(of: "\(part)-images-idx3-ubyte", in: directory)
    let labelPath = try path(of: "\(part)-labels-idx1-ubyte", in: directory)
    let examples = try IDX.examples(images: imagePath, labels: labelPath, classes: labelNames.count)
    guard examples.exampleShape.count == imageShape.count else {
      throw FileError(
        path: imagePath, reason: "holds images of \(examples.exampleShape.count) pixels; expected 28 × 28")
    }
    return examples
  }

  private static func path(of name: String, in directory: String) throws -> String {
    let path = (directory as NSString).appendingPathComponent(name)
    for candidate in [path + ".gz", path] where FileManager.default.fileExists(atPath: candidate) {
      return candidate
    }
    throw FileError(
      path: path + ".gz",
      reason:
        "no such file; install the package dataset-fashion-mnist (apt-get install dataset-fashion-mnist)")
  }
}
