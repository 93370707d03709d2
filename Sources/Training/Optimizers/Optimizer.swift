import Layers
import Tensors

/// A rule that changes parameters by their gradients.
///
///     var optimizer = AdamW(learningRate: 3e-4, weightDecay: 0.01)
///     let (loss, gradients) = try model.valueAndGradients { try softmaxCrossEntropy($0(images, in: pass), labels) }
///     try optimizer.update(&model, with: gradients)
///
/// Rules are values: a copy goes on from where the original stands.
public protocol Optimizer: Sendable {
  /// The size of a step along the gradient.
  var learningRate: Float { get set }

  /// Changes the parameters of `model` in place. One without a gradient, and what is remembered of it, stays as it is.
  ///
  /// - Throws: ``ShapeError``, before anything is changed, if the gradients are not this model's, or the rule remembers a
  ///   parameter of another shape under the same path.
  mutating func update(_ model: inout some Module, with gradients: Gradients) throws

  /// Checks that what the rule remembers fits the model's parameters, as ``update(_:with:)`` does before it changes anything.
  ///
  /// - Throws: ``ShapeError`` if it does not.
  func check(_ model: some Module) throws

  /// All that the rule remembers of the steps taken; its settings, the learning rate among them, are no part of it.
  var state: OptimizerState { get }

  /// Goes on from a state, as if the steps had been taken by this rule.
  ///
  /// - Throws: ``StateError`` if it is another rule's.
  mutating func restore(_ state: OptimizerState) throws

  /// The rule's name, by which a checkpoint knows whose state it holds: the type's unless said otherwise.
  var kind: String { get }
}

extension Optimizer {
  /// The type's name.
  public var kind: String { "\(Self.self)" }
}

/// What a rule remembers, in a form that can be saved: see ``Optimizer/state``.
public struct OptimizerState: Sendable, Equatable {
  /// By what it is and the parameter's path: `mean.0.weight`.
  public var tensors: [String: Tensor]

  /// The steps taken, and other whole numbers, likewise: `step.0.weight`.
  public var counts: [String: Int]

  /// A state of the given parts; empty before the first step.
  public init(tensors: [String: Tensor] = [:], counts: [String: Int] = [:]) {
    self.tensors = tensors
    self.counts = counts
  }

  /// This state with `prefix` before every name.
  func prefixed(_ prefix: String) -> OptimizerState {
    OptimizerState(
      tensors: Dictionary(uniqueKeysWithValues: tensors.map { (prefix + $0, $1) }),
      counts: Dictionary(uniqueKeysWithValues: counts.map { (prefix + $0, $1) }))
  }

  /// The part whose names begin with `prefix`, without it.
  func part(_ prefix: String) -> OptimizerState {
    func part<Value>(_ values: [String: Value]) -> [String: Value] {
      var result: [String: Value] = [:]
      for (name, value) in values where name.hasPrefix(prefix) {
        result[String(name.dropFirst(prefix.count))] = value
      }
      return result
    }
    return OptimizerState(tensors: part(tensors), counts: part(counts))
  }

  /// Both states' parts, whose names differ.
  func merged(with other: OptimizerState) -> OptimizerState {
    OptimizerState(
      tensors: tensors.merging(other.tensors) { first, _ in first },
      counts: counts.merging(other.counts) { first, _ in first })
  }
}

/// A saved state that does not fit what it is to be restored to.
public struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was to be restored, and what is wrong, on one line.
  public let description: String

  init(_ description: String) { self.description = description }
}
