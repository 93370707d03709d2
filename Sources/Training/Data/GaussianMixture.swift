import Foundation
import Tensors

/// Points of a plane around a few centers: what shows whether a generator has found all of them.
///
///     let ring = GaussianMixture.ring(of: 8)
///     let data = ring.dataset(batchSize: 256, batchCount: 200)
///     let coverage = ring.coverage(of: gan.generated(2500, using: &random))
///
/// Source of the two usual sets: Metz et al., "Unrolled generative adversarial networks", 2017; Srivastava et al.,
/// "VEEGAN", 2017.
public struct GaussianMixture: Sendable, Hashable {
  /// The centers, which points are equally often around.
  public let centers: [SIMD2<Float>]

  /// The standard deviation along each axis.
  public let deviation: Float

  /// Points around given centers, at least one.
  public init(centers: [SIMD2<Float>], deviation: Float) {
    precondition(!centers.isEmpty, "a mixture of no Gaussians")
    (self.centers, self.deviation) = (centers, deviation)
  }

  /// Centers on a circle of radius 2, 0.02 the deviation around each.
  public static func ring(of count: Int = 8) -> GaussianMixture {
    let centers = (0..<max(1, count)).map { index in
      let angle = 2 * Float.pi * Float(index) / Float(max(1, count))
      return SIMD2(2 * cos(angle), 2 * sin(angle))
    }
    return GaussianMixture(centers: centers, deviation: 0.02)
  }

  /// Centers on a square grid from −4 to 4, 0.05 the deviation around each.
  public static func grid(side: Int = 5) -> GaussianMixture {
    let places = (0..<max(1, side)).map { 8 * Float($0) / Float(max(1, side - 1)) - 4 }
    return GaussianMixture(
      centers: places.flatMap { x in places.map { SIMD2(x, $0) } }, deviation: 0.05)
  }

  /// So many points, `[count, 2]`.
  public func points(_ count: Int, using random: inout RandomSource) -> Tensor {
    Tensor(shape: [max(0, count), 2]) { elements in
      for point in 0..<max(0, count) {
        let center = centers[Int.random(in: centers.indices, using: &random)]
        elements[2 * point] = center.x + deviation * random.normal()
        elements[2 * point + 1] = center.y + deviation * random.normal()
      }
    }
  }

  /// How well points cover the centers.
  public struct Coverage: Sendable, Hashable, Codable {
    /// The centers that at least 1/20 of their share of the points lies near.
    public let modes: Int
    /// The share of points that lie near a center: within three deviations.
    public let near: Float

    /// A coverage of these numbers.
    public init(modes: Int, near: Float) { (self.modes, self.near) = (modes, near) }
  }

  /// How well points, `[count, 2]`, cover the centers.
  ///
  /// - Throws: ``ShapeError`` if they are no points of a plane.
  public func coverage(of points: Tensor) throws -> Coverage {
    guard points.shape.rank == 2, points.shape[1] == 2, points.shape[0] > 0 else {
      throw ShapeError("coverage", expected: "points [count, 2]", got: points.shape)
    }
    var counts = Array(repeating: 0, count: centers.count)
    let (elements, count) = (points.array, points.shape[0])
    for point in 0..<count {
      let place = SIMD2(elements[2 * point], elements[2 * point + 1])
      let distances = centers.map { (($0 - place) * ($0 - place)).sum() }
      guard let closest = distances.indices.min(by: { distances[$0] < distances[$1] }),
        distances[closest] <= 9 * deviation * deviation
      else { continue }
      counts[closest] += 1
    }
    let least = max(1, count / (20 * centers.count))
    return Coverage(modes: counts.count { $0 >= least }, near: Float(counts.reduce(0, +)) / Float(count))
  }

  /// Batches of new points each time.
  public func dataset(batchSize: Int, batchCount: Int) -> PointsDataset {
    PointsDataset(mixture: self, batchSize: max(1, batchSize), count: max(0, batchCount))
  }
}

/// Batches of points of a ``GaussianMixture``.
public struct PointsDataset: Dataset {
  fileprivate let mixture: GaussianMixture
  fileprivate let batchSize: Int
  fileprivate let count: Int

  public var batchCount: Int? { count }

  public func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Iterator {
    Iterator(data: self, epoch: epoch, seed: seed, batch: batch)
  }

  /// The batches of an epoch.
  public struct Iterator: BatchIterator, Sendable {
    fileprivate let data: PointsDataset
    fileprivate let epoch: Int
    fileprivate let seed: UInt64
    fileprivate var batch: Int

    public mutating func next() -> Tensor? {
      guard batch < data.count else { return nil }
      defer { batch += 1 }
      // Apart from the randomness of layers, which is of (epoch, batch).
      var random = RandomSource(seed: ~seed, at: epoch, batch)
      return data.mixture.points(data.batchSize, using: &random)
    }
  }
}
