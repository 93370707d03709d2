import LinearAlgebra
import Tensors

/// Random changes to images, `[examples, channels, height, width]`, that leave what they show the same.
///
///     let batches = try data.training.dataset(batchSize: 128).augmented(by: [.shift(2), .flip])
///
/// What becomes of an example follows from the seed, the epoch and the example's place in its batch alone.
public enum Augmentation: Sendable, Hashable, Codable {
  /// Moves an image by up to so many places along each axis; what comes in is zero; none if negative. With a network that crops nothing, this
  /// is the usual crop after padding.
  case shift(Int)

  /// Mirrors every second image, left to right.
  case flip

  /// Zeroes a square of this side at a random place; none if negative. DeVries and Taylor, "Improved regularization of convolutional neural
  /// networks with cutout", 2017.
  case cutout(Int)

  /// Changes one image in place.
  func apply(
    to image: UnsafeMutableBufferPointer<Float>, channels: Int, height: Int, width: Int,
    _ random: inout RandomSource
  ) {
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    switch self {
    case .shift(let most):
      // Farther than its side an image is gone.
      let most = min(max(0, most), max(height, width))
      let (down, right) = (draw(-most...most), draw(-most...most))
      let source = Array(image)
      for channel in 0..<channels {
        for row in 0..<height {
          for column in 0..<width {
            let (from, across) = (row - down, column - right)
            let isInside = 0..<height ~= from && 0..<width ~= across
            image[(channel * height + row) * width + column] =
              isInside ? source[(channel * height + from) * width + across] : 0
          }
        }
      }
    case .flip:
      guard draw(0...1) == 1 else { return }
      for row in 0..<channels * height {
        for column in 0..<width / 2 { image.swapAt(row * width + column, row * width + width - 1 - column) }
      }
    case .cutout(let side):
      guard height > 0, width > 0 else { return }
      let side = min(max(0, side), 2 * max(height, width))
      let (top, left) = (draw(0...height - 1) - side / 2, draw(0...width - 1) - side / 2)
      for channel in 0..<channels {
        for row in max(0, top)..<max(0, min(height, top + side)) {
          for column in max(0, left)..<max(0, min(width, left + side)) {
            image[(channel * height + row) * width + column] = 0
          }
        }
      }
    }
  }
}

/// Batches of images, changed at random each time.
public struct AugmentedDataset<Base: Dataset>: Dataset where Base.Batch == Examples {
  fileprivate let base: Base
  fileprivate let augmentations: [Augmentation]

  public var batchCount: Int? { base.batchCount }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) throws -> Iterator {
    Iterator(
      base: try base.makeIterator(epoch: epoch, seed: seed, from: batch), augmentations: augmentations,
      seed: seed,
      epoch: epoch, batch: batch)
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator {
    fileprivate var base: Base.Batches
    fileprivate let augmentations: [Augmentation]
    fileprivate let seed: UInt64
    fileprivate let epoch: Int
    fileprivate var batch: Int

    public mutating func next() throws -> Examples? {
      guard let examples = try base.next() else { return nil }
      guard !augmentations.isEmpty else { return examples }
      defer { batch += 1 }
      let shape = examples.inputs.shape
      guard shape.rank == 4 else {
        throw ShapeError("augmentation", expected: "images [examples, channels, height, width]", got: shape)
      }
      let (changes, seed, epoch, batch) = (augmentations, seed, epoch, batch)
      let size = shape.droppingFirst.count
      var images = examples.inputs
      images.withUnsafeMutableElements { elements in
        let images = elements
        Threads.parallel(over: shape[0], least: 8) { range in
          for example in range {
            // Apart from the randomness of layers, which is of (epoch, batch).
            var random = RandomSource(seed: ~seed, at: epoch, batch, example)
            let image = UnsafeMutableBufferPointer(rebasing: images[example * size..<(example + 1) * size])
            for change in changes {
              change.apply(to: image, channels: shape[1], height: shape[2], width: shape[3], &random)
            }
          }
        }
      }
      return Examples(unchecked: images, examples.targets)
    }
  }
}

extension AugmentedDataset.Iterator: Sendable where Base.Batches: Sendable {}

extension Dataset where Batch == Examples {
  /// These batches with their images changed at random, anew in each epoch; in the order given.
  public func augmented(by augmentations: [Augmentation]) -> AugmentedDataset<Self> {
    AugmentedDataset(base: self, augmentations: augmentations)
  }
}
