import Foundation
import Tensors

/// How well a model does on examples.
public struct Evaluation: Sendable, Hashable, Codable {
  /// The mean loss of an example.
  public let loss: Float

  /// The share of examples whose highest score is their label's; `nil` where targets are values.
  public let accuracy: Float?

  /// The share of examples whose label is among the highest scores, as many as were asked for.
  public var topAccuracy: Float?

  /// Which class was taken for which, with precision, recall and F1; `nil` where targets are values or classes too many.
  public var confusion: ConfusionMatrix?

  /// R², the share of the targets' variance that the outputs explain: 1 − Σ(y − ŷ)² / Σ(y − ȳ)², over all elements, with a
  /// mean for each place of an output. `nil` where targets are labels; 1 at best, 0 for a model that answers the mean.
  public var rSquared: Float?

  /// An evaluation by a measure of your own.
  public init(loss: Float, accuracy: Float? = nil) { (self.loss, self.accuracy) = (loss, accuracy) }

  /// e^loss: for a cross-entropy, among how many equally likely answers the model is undecided on average.
  public var perplexity: Float { exp(loss) }
}

/// Loss and accuracy summed over batches.
struct RunningEvaluation: Sendable, Hashable, Codable {
  private var loss = 0.0
  private var correct = 0
  private var examples = 0
  private var hasLabels = false

  /// Counts a batch whose mean loss is `loss`.
  mutating func add(loss: Float, count: Int) {
    self.loss += Double(loss) * Double(count)
    examples += count
  }

  /// Counts a batch's answers.
  mutating func add(_ output: Tensor, _ targets: Targets) {
    guard case .labels(let labels, _) = targets else { return }
    hasLabels = true
    correct += zip(output.highestPositions, labels).count { $0 == $1 }
  }

  var result: Evaluation {
    let count = Double(max(1, examples))
    return Evaluation(loss: Float(loss / count), accuracy: hasLabels ? Float(Double(correct) / count) : nil)
  }
}

/// What an evaluation counts beside loss and accuracy.
struct DetailedEvaluation {
  private var running = RunningEvaluation()
  private var confusion: ConfusionMatrix?
  private let top: Int?
  private var topCorrect = 0
  private var labelled = 0
  private var residuals = ResidualSums()

  /// A matrix of more classes than this helps nobody, and grows with their square.
  private static let mostClasses = 1 << 10

  init(top: Int?) { self.top = top }

  mutating func add(loss: Float, output: Tensor, targets: Targets) {
    running.add(loss: loss, count: targets.count)
    running.add(output, targets)
    switch targets {
    case .labels(let labels, let classes):
      if confusion == nil, classes <= Self.mostClasses { confusion = ConfusionMatrix(classes: classes) }
      for (label, answer) in zip(labels, output.highestPositions) {
        confusion?.add(label: label, answer: answer)
      }
      labelled += labels.count
      if let top { topCorrect += output.count(of: labels, amongHighest: top) }
    case .values(let values): residuals.add(output, values)
    }
  }

  var result: Evaluation {
    var result = running.result
    result.confusion = confusion
    if top != nil, labelled > 0 { result.topAccuracy = Float(topCorrect) / Float(labelled) }
    result.rSquared = residuals.rSquared
    return result
  }
}

/// The sums that R² is made of; the mean and squared deviations by Welford's update, which does not cancel.
private struct ResidualSums {
  private var residual = 0.0
  private var count = 0.0
  private var means: [Double] = []
  private var deviation = 0.0

  mutating func add(_ output: Tensor, _ values: Tensor) {
    let width = values.shape.droppingFirst.count
    guard width > 0, output.count == values.count else { return }
    if means.isEmpty { means = Array(repeating: 0, count: width) }
    output.withUnsafeElements { output in
      values.withUnsafeElements { values in
        for row in 0..<values.count / width {
          count += 1
          for place in 0..<width {
            let value = Double(values[row * width + place])
            let error = value - Double(output[row * width + place])
            residual += error * error
            let before = value - means[place]
            means[place] += before / count
            deviation += before * (value - means[place])
          }
        }
      }
    }
  }

  /// Targets that are all alike leave nothing to explain: 1 if they are met, else 0.
  var rSquared: Float? {
    guard count > 0 else { return nil }
    guard deviation > 0 else { return residual == 0 ? 1 : 0 }
    return Float(1 - residual / deviation)
  }
}
