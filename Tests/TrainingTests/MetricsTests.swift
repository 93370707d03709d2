import Foundation
import Layers
import Tensors
import TestSupport
import Testing
import Training

@Suite struct MetricsTests {
  /// Figures of scikit-learn's `classification_report` for labels 0 0 1 1 2 2 2 and answers 0 1 1 1 2 0 2.
  @Test func precisionRecallAndF1() {
    var confusion = ConfusionMatrix(classes: 3)
    for (label, answer) in zip([0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 2, 0, 2]) {
      confusion.add(label: label, answer: answer)
    }
    #expect(confusion.count == 7)
    #expect(confusion[label: 2, answer: 0] == 1)
    #expect(abs(confusion.accuracy - 5.0 / 7) < 1e-12)
    let classes = 0..<3
    #expect(classes.map(confusion.precision) == [0.5, 2.0 / 3, 1])
    #expect(classes.map(confusion.recall) == [0.5, 1, 2.0 / 3])
    for (got, expected) in zip(classes.map(confusion.f1), [0.5, 0.8, 0.8]) {
      #expect(abs(got - expected) < 1e-12)
    }
    #expect(abs(confusion.macroF1 - 0.7) < 1e-12)
    #expect(abs(confusion.macroRecall - (0.5 + 1 + 2.0 / 3) / 3) < 1e-12)
    #expect("\(confusion)".split(separator: "\n").count == 4)
  }

  @Test func whatWasNeverAnsweredCountsAsZero() {
    var confusion = ConfusionMatrix(classes: 2)
    #expect(confusion.accuracy == 0)
    confusion.add(label: 0, answer: -1)
    #expect(confusion.count == 1)
    #expect(confusion.unanswered == 1)
    #expect([confusion.precision(of: 1), confusion.recall(of: 1), confusion.f1(of: 1)] == [0, 0, 0])
  }

  /// A model that gives its input back.
  private struct Same: Layer {
    var description: String { "Same" }
    func callAsFunction(_ input: Tensor, in pass: Pass) throws -> Tensor { input }
    func outputShape(for input: Shape) throws -> Shape { input }
  }

  @Test func topAccuracyAndPerplexity() throws {
    let scores = try Tensor(
      [3, 2, 1, 1, 2, 3, 2, 2, 2, -9, 0, 1], shape: [4, 3])
    let examples = try Examples(inputs: scores, targets: .labels([1, 0, 1, 0], classes: 3))
    let one = try Same().evaluate(examples, batchSize: 3, top: 1)
    #expect(one.accuracy == 0)
    #expect(one.topAccuracy == 0)
    #expect(try Same().evaluate(examples, batchSize: 3, top: 2).topAccuracy == 0.5)
    #expect(try Same().evaluate(examples, top: 3).topAccuracy == 1)
    #expect(try Same().evaluate(examples).topAccuracy == nil)
    #expect(one.perplexity == exp(one.loss))
    #expect(one.rSquared == nil)
    #expect(one.confusion?.count == 4)
  }

  @Test func rSquaredDoesNotDependOnBatchesAndKeepsItsDigits() throws {
    // Targets far from zero: 10,000 + (1, 2, 3, 4), each missed by 0.5, in two columns that differ.
    let targets = try Tensor([10_001, 1, 10_002, 5, 10_003, 1, 10_004, 5], shape: [4, 2])
    let inputs = try Tensor(targets.array.map { $0 + 0.5 }, shape: [4, 2])
    let examples = try Examples(inputs: inputs, targets: .values(targets))
    for size in [1, 3, 4] {
      let evaluation = try Same().evaluate(examples, loss: .meanSquaredError, batchSize: size)
      // Residuals 8 · 0.25 = 2; deviations 5 of the first column and 16 of the second.
      let expected: Float = 1 - 2.0 / 21
      #expect(abs((evaluation.rSquared ?? 0) - expected) < 1e-6)
      #expect(evaluation.accuracy == nil)
      #expect(evaluation.confusion == nil)
    }
    let exact = try Examples(inputs: targets, targets: .values(targets))
    #expect(try Same().evaluate(exact, loss: .meanSquaredError).rSquared == 1)
  }
}
