import ArgumentParser
import NeuralNetworks

/// The rule of training and its rate.
struct OptimizerOptions: ParsableArguments {
  /// The rules that can be named.
  enum Rule: String, ExpressibleByArgument, CaseIterable {
    case sgd, adam, adamw, amsgrad, rmsprop, adagrad, adadelta, lion
    case sparseAdam = "sparse-adam"

    /// The learning rate that a user means who gives none.
    var usualRate: Float {
      switch self {
      case .sgd: 0.1
      case .adam, .adamw, .amsgrad, .rmsprop, .sparseAdam: 1e-3
      case .adagrad: 1e-2
      case .adadelta: 1
      case .lion: 1e-4
      }
    }
  }

  /// The schedules that can be named.
  enum Curve: String, ExpressibleByArgument, CaseIterable {
    case constant, linear, cosine
    case oneCycle = "one-cycle"
    case plateau
  }

  @Option(help: "How gradients change parameters.")
  var optimizer: Rule?

  @Option(help: "The step's size along the gradient. (default of another optimizer: its usual one)")
  var learningRate: Float?

  @Option(help: "The share of a gradient's past in a step, for sgd and rmsprop.")
  var momentum: Float?

  @Option(help: "The weight of the past in the mean of gradients, for adam and its kind. (default: 0.9)")
  var meanDecay: Float?

  @Option(help: "How much of a parameter each step takes away; not of biases and normalizations.")
  var weightDecay: Float?

  @Option(help: "How the learning rate changes.")
  var schedule: Curve?

  @Option(help: "Steps in which the learning rate climbs before that.")
  var warmup: Int?

  @Option(help: "Shorten gradients to this norm.")
  var clip: Float?

  @Option(help: "Batches whose mean gradient makes a step.")
  var accumulate = 1

  func validate() throws {
    if let rate = learningRate, !(rate > 0 && rate.isFinite) {
      throw ValidationError("--learning-rate is a positive number, not \(rate)")
    }
    if let clip, !(clip > 0) { throw ValidationError("--clip is a positive number, not \(clip)") }
    if let momentum, !(0..<1).contains(momentum) {
      throw ValidationError("--momentum is at least 0 and below 1, not \(momentum)")
    }
    if let meanDecay, !(0..<1).contains(meanDecay) {
      throw ValidationError("--mean-decay is at least 0 and below 1, not \(meanDecay)")
    }
    if let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) {
      throw ValidationError("--weight-decay is at least 0, not \(weightDecay)")
    }
    try check("--warmup", warmup, atLeast: 0)
    try check("--accumulate", accumulate)
  }

  /// The rule, without weight decay for biases and normalizations.
  ///
  /// - Throws: `ValidationError` for a momentum, or a decay of the mean, that the rule has none of.
  func rule(_ defaults: RecipeDefaults) throws -> any Optimizer {
    let decay = weightDecay ?? (isOwn(to: defaults) ? defaults.weightDecay : 0)
    guard decay > 0 else { return try rule(defaults, decay: 0) }
    let plain = try rule(defaults, decay: 0)
    return ParameterGroups(try rule(defaults, decay: decay)) {
      ParameterGroup(.biasesAndNorms, plain)
    }
  }

  /// Whether the optimizer is the recipe's; with another one, the recipe's settings of it are not meant.
  private func isOwn(to defaults: RecipeDefaults) -> Bool {
    (optimizer ?? defaults.optimizer) == defaults.optimizer
  }

  private func rule(_ defaults: RecipeDefaults, decay: Float) throws -> any Optimizer {
    let kind = optimizer ?? defaults.optimizer
    let rate = learningRate ?? (isOwn(to: defaults) ? defaults.learningRate : nil) ?? kind.usualRate
    let momentum = momentum ?? (isOwn(to: defaults) ? defaults.momentum : 0)
    if momentum != 0, kind != .sgd, kind != .rmsprop {
      throw ValidationError("--momentum belongs to sgd and rmsprop, not to \(kind.rawValue)")
    }
    if meanDecay != nil, ![.adam, .adamw, .amsgrad, .sparseAdam].contains(kind) {
      throw ValidationError("--mean-decay belongs to adam and its kind, not to \(kind.rawValue)")
    }
    let mean = meanDecay ?? (isOwn(to: defaults) ? defaults.meanDecay : 0.9)
    return switch kind {
    case .sgd: SGD(learningRate: rate, momentum: momentum, weightDecay: decay)
    case .adam: Adam(learningRate: rate, meanDecay: mean, weightDecay: decay)
    case .adamw: AdamW(learningRate: rate, meanDecay: mean, weightDecay: decay)
    case .amsgrad: Adam(learningRate: rate, meanDecay: mean, weightDecay: decay, isAMSGrad: true)
    case .rmsprop: RMSprop(learningRate: rate, momentum: momentum, weightDecay: decay)
    case .adagrad: Adagrad(learningRate: rate, weightDecay: decay)
    case .adadelta: Adadelta(learningRate: rate, weightDecay: decay)
    case .sparseAdam: Adam(learningRate: rate, meanDecay: mean, weightDecay: decay, stepsRowsAlone: true)
    case .lion: Lion(learningRate: rate, weightDecay: decay)
    }
  }

  /// The learning rate's course.
  func course(_ defaults: RecipeDefaults) -> any Schedule {
    let curve: any Schedule =
      switch schedule ?? defaults.schedule {
      case .constant: ConstantSchedule()
      case .linear: LinearDecay()
      case .cosine: CosineDecay()
      case .oneCycle: OneCycle()
      case .plateau: ReduceOnPlateau(patience: 2)
      }
    let warmup = warmup ?? defaults.warmup
    return warmup > 0 ? LinearWarmup(steps: warmup, then: curve) : curve
  }
}
