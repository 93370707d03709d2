import ArgumentParser
import NeuralNetworks

/// The rule of training and its rate.
struct OptimizerOptions: ParsableArguments {
  /// The rules that can be named.
  enum Rule: String, ExpressibleByArgument, CaseIterable {
    case sgd, adam, adamw, amsgrad, rmsprop, adagrad, adadelta, lion
  }

  /// The schedules that can be named.
  enum Curve: String, ExpressibleByArgument, CaseIterable {
    case constant, linear, cosine
    case oneCycle = "one-cycle"
    case plateau
  }

  @Option(help: "How gradients change parameters.")
  var optimizer = Rule.sgd

  @Option(
    help: "The step's size along the gradient. (default: sgd 0.1, adam and others their papers' own)")
  var learningRate: Float?

  @Option(help: "The share of a gradient's past in a step, for sgd and rmsprop.")
  var momentum: Float = 0

  @Option(help: "How much of a parameter each step takes away; not of biases and normalizations.")
  var weightDecay: Float = 0

  @Option(help: "How the learning rate changes.")
  var schedule = Curve.linear

  @Option(help: "Steps in which the learning rate climbs before that.")
  var warmup = 0

  @Option(help: "Shorten gradients to this norm.")
  var clip: Float?

  @Option(help: "Batches whose mean gradient makes a step.")
  var accumulate = 1

  func validate() throws {
    if let rate = learningRate, !(rate > 0 && rate.isFinite) {
      throw ValidationError("--learning-rate is a positive number, not \(rate)")
    }
    if let clip, !(clip > 0) { throw ValidationError("--clip is a positive number, not \(clip)") }
    if !(0..<1).contains(momentum) {
      throw ValidationError("--momentum is at least 0 and below 1, not \(momentum)")
    }
    if momentum != 0, optimizer != .sgd, optimizer != .rmsprop {
      throw ValidationError("--momentum belongs to sgd and rmsprop, not to \(optimizer.rawValue)")
    }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      throw ValidationError("--weight-decay is at least 0, not \(weightDecay)")
    }
    if warmup < 0 { throw ValidationError("--warmup is at least 0, not \(warmup)") }
    if accumulate < 1 { throw ValidationError("--accumulate is at least 1, not \(accumulate)") }
  }

  /// The rule, without weight decay for biases and normalizations.
  var rule: any Optimizer {
    guard weightDecay > 0 else { return rule(decay: 0) }
    return ParameterGroups(rule(decay: weightDecay)) {
      ParameterGroup(.biasesAndNorms, rule(decay: 0))
    }
  }

  private func rule(decay: Float) -> any Optimizer {
    func rate(_ usual: Float) -> Float { learningRate ?? usual }
    return switch optimizer {
    case .sgd: SGD(learningRate: rate(0.1), momentum: momentum, weightDecay: decay)
    case .adam: Adam(learningRate: rate(1e-3), weightDecay: decay)
    case .adamw: AdamW(learningRate: rate(1e-3), weightDecay: decay)
    case .amsgrad: Adam(learningRate: rate(1e-3), weightDecay: decay, isAMSGrad: true)
    case .rmsprop: RMSprop(learningRate: rate(1e-3), momentum: momentum, weightDecay: decay)
    case .adagrad: Adagrad(learningRate: rate(1e-2), weightDecay: decay)
    case .adadelta: Adadelta(learningRate: rate(1), weightDecay: decay)
    case .lion: Lion(learningRate: rate(1e-4), weightDecay: decay)
    }
  }

  /// The learning rate's course.
  var course: any Schedule {
    let curve: any Schedule =
      switch schedule {
      case .constant: ConstantSchedule()
      case .linear: LinearDecay()
      case .cosine: CosineDecay()
      case .oneCycle: OneCycle()
      case .plateau: ReduceOnPlateau(patience: 2)
      }
    return warmup > 0 ? LinearWarmup(steps: warmup, then: curve) : curve
  }
}
