import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct LossTests {
  private let scores = Tensor.normal([2, 3], seed: 1)
  private let labels = Targets.labels([2, 0], classes: 3)

  @Test func labelsBecomeOneHotRows() throws {
    #expect(labels.values == (try Tensor([0, 0, 1, 1, 0, 0], shape: [2, 3])))
    #expect(try Loss.softmaxCrossEntropy(scores, labels) == softmaxCrossEntropy(scores, [2, 0]))
    #expect(try Loss.sigmoidCrossEntropy(scores, labels) == sigmoidCrossEntropy(scores, labels.values))
    #expect(try Loss.meanSquaredError(scores, labels) == meanSquaredError(scores, labels.values))
  }

  @Test func valuesHaveNoLabels() {
    #expect(throws: DataError.noLabels(loss: "softmaxCrossEntropy")) {
      try Loss.softmaxCrossEntropy(scores, .values(.zeros([2, 3])))
    }
  }

  @Test func theHighestScoreIsTheAnswer() throws {
    #expect(try Tensor([1, 3, 2, 5, 5, 4], shape: [2, 3]).highestPositions == [1, 0])
  }
}
