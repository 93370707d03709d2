import Layers
import Tensors

/// Different rules for different parameters of one model.
///
///     let optimizer = ParameterGroups(AdamW(learningRate: 3e-4)) {
///       ParameterGroup(.biasesAndNorms, AdamW(learningRate: 3e-4, weightDecay: 0))
///       ParameterGroup(.under("embedding"), SGD(learningRate: 3e-3))
///     }
///
/// A parameter belongs to the first group that it fits, or else to the rule before the braces. A learning rate set later,
/// as by a schedule, moves all groups' rates in proportion.
public struct ParameterGroups: Optimizer {
  /// The groups, and at the end that of all other parameters.
  private var groups: [ParameterGroup]

  /// Each group's learning rate over the rule's for all other parameters.
  private let multiples: [Float]

  /// A rule for all parameters but those of the groups.
  public init(
    _ others: any Optimizer, @ParameterGroupBuilder _ groups: () -> [ParameterGroup]
  ) {
    self.groups = groups() + [ParameterGroup(.all, others)]
    let rate = others.learningRate
    multiples = self.groups.map { rate == 0 ? 1 : $0.optimizer.learningRate / rate }
    learningRate = rate
  }

  /// That of the rule for all other parameters.
  public var learningRate: Float {
    didSet {
      for index in groups.indices { groups[index].optimizer.learningRate = learningRate * multiples[index] }
    }
  }

  public mutating func update(_ model: inout some Module, with gradients: Gradients) throws {
    try check(model)
    let parts = parts(of: gradients)
    for index in groups.indices { try groups[index].optimizer.update(&model, with: parts[index]) }
  }

  public func check(_ model: some Module) throws {
    for group in groups { try group.optimizer.check(model) }
  }

  /// The gradients for each group, with none for the parameters of others.
  private func parts(of gradients: Gradients) -> [Gradients] {
    var owners: [String: Int] = [:]
    for (path, gradient) in zip(gradients.paths, gradients.elements) {
      guard let gradient else { continue }
      owners[path] = groups.firstIndex { $0.parameters.contains(path, gradient.shape) }
    }
    return groups.indices.map { group in
      var part = gradients
      part.update { gradient, path in if owners[path] != group { gradient = nil } }
      return part
    }
  }

  /// The groups' rules in order, as `ParameterGroups(AdamW, AdamW)`.
  public var kind: String {
    "ParameterGroups(" + groups.map(\.optimizer.kind).joined(separator: ", ") + ")"
  }

  public var state: OptimizerState {
    groups.enumerated().reduce(OptimizerState()) { state, group in
      state.merged(with: group.element.optimizer.state.prefixed("group\(group.offset)."))
    }
  }

  public mutating func restore(_ state: OptimizerState) throws {
    let parts = groups.indices.map { state.part("group\($0).") }
    let count = parts.reduce(0) { $0 + $1.tensors.count + $1.counts.count }
    guard count == state.tensors.count + state.counts.count else {
      throw StateError("the state is of other groups than these \(groups.count)")
    }
    for (index, part) in parts.enumerated() { try groups[index].optimizer.restore(part) }
  }
}

/// Some parameters and their rule.
public struct ParameterGroup: Sendable {
  let parameters: ParameterSelection
  var optimizer: any Optimizer

  /// A rule for the parameters selected.
  public init(_ parameters: ParameterSelection, _ optimizer: any Optimizer) {
    self.parameters = parameters
    self.optimizer = optimizer
  }
}

/// Which parameters are meant.
public struct ParameterSelection: Sendable {
  let contains: @Sendable (_ path: String, _ shape: Shape) -> Bool

  /// The parameters whose path and shape fit.
  public init(_ contains: @escaping @Sendable (_ path: String, _ shape: Shape) -> Bool) {
    self.contains = contains
  }

  /// All.
  public static let all = ParameterSelection { _, _ in true }

  /// Those of at most one axis: biases, and the scales and shifts of normalizations, which weight decay is not for.
  public static let biasesAndNorms = ParameterSelection { _, shape in shape.rank <= 1 }

  /// Those of the module at a path: `under("embedding")` has `embedding.weight`.
  public static func under(_ path: String) -> ParameterSelection {
    ParameterSelection { other, _ in other == path || other.hasPrefix(path + ".") }
  }
}

/// Collects the groups of ``ParameterGroups``.
@resultBuilder
public enum ParameterGroupBuilder {
  /// Groups in a row.
  public static func buildBlock(_ groups: ParameterGroup...) -> [ParameterGroup] { groups }
}
