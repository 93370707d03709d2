/// A type of number that the backends compute with: `Float` and `Double`.
///
/// The requirements pick a backend's routines for the type.
public protocol BLASScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The products of `backend` for this type.
  static func products(of backend: any BLASBackend) -> any ProductRoutines<Self>

  /// The factorizations of `backend` for this type.
  static func factorizations(of backend: any BLASBackend) -> any FactorizationRoutines<Self>
}

extension Float: BLASScalar {
  /// The products of `backend` in single precision.
  public static func products(of backend: any BLASBackend) -> any ProductRoutines<Float> { backend.single }

  /// The factorizations of `backend` in single precision.
  public static func factorizations(of backend: any BLASBackend) -> any FactorizationRoutines<Float> {
    backend.factorizations.single
  }
}

extension Double: BLASScalar {
  /// The products of `backend` in double precision.
  public static func products(of backend: any BLASBackend) -> any ProductRoutines<Double> { backend.double }

  /// The factorizations of `backend` in double precision.
  public static func factorizations(of backend: any BLASBackend) -> any FactorizationRoutines<Double> {
    backend.factorizations.double
  }
}
