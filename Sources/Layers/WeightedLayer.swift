import Tensors

/// A layer whose neurons have a weight that a layer around it may replace.
///
/// ``Layer/visit(_:)`` shows the weight under the name `weight`, and passes over it while there is none.
public protocol WeightedLayer: Layer {
  /// The axis of the weight along which the outputs lie: the first unless said otherwise.
  static var outputAxis: Int { get }

  /// The weight, of at least two axes; `nil` until the shape of the input is known.
  ///
  /// One of another shape than before makes the next call throw.
  var weight: Tensor? { get set }
}

extension WeightedLayer {
  /// The first.
  public static var outputAxis: Int { 0 }
}
