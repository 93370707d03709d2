import LinearAlgebra
import Synchronization

/// The products that reach a backend, in their order.
///
///     let log = ProductLog()
///     try BLAS.$backend.withValue(log.backend) { _ = try model(images) }
///     #expect(log.products == [.gemm(.none, .transposed, m: 32, n: 10, k: 784)])
///
/// Safe to use from many tasks at once; their products then stand in the order of arrival.
public final class ProductLog: Sendable {
  private let log = Mutex<[ObservedBackend.Product]>([])
  private let observed: any BLASBackend

  /// A log of what `backend` computes, the one in force unless another is given.
  public init(_ backend: any BLASBackend = BLAS.backend) { observed = backend }

  /// The backend, which computes as the observed one does and keeps the log.
  public var backend: ObservedBackend {
    ObservedBackend(observed) { product, _ in self.log.withLock { $0.append(product) } }
  }

  /// The products so far.
  public var products: [ObservedBackend.Product] { log.withLock { $0 } }

  /// Forgets the products so far.
  public func forget() { log.withLock { $0 = [] } }
}
