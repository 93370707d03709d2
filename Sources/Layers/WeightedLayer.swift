import Tensors

/// A layer whose neurons have a weight, an axis of outputs first, that a layer around it may replace.
///
/// ``Layer/visit(_:)`` shows the weight under the name `weight`, and passes over it while there is none.
public protocol WeightedLayer: Layer {
  /// The weight `[outputs, …]`; `nil` until the shape of the input is known.
  ///
  /// One of another shape than before makes the next call throw.
  var weight: Tensor? { get set }
}
