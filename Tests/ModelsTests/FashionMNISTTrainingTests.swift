import Foundation
import LinearAlgebra
import Models
import TestSupport
import Testing
import Training

/// What the README promises of its first network, wherever the data set is installed.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: FashionMNIST.defaultDirectory)))
struct FashionMNISTTrainingTests {
  @Test func fiveEpochsReach87PercentOnEveryBackend() throws {
    let data = try FashionMNIST.load()
    let start = try MultilayerPerceptron(.init(inputs: 784, hidden: [256, 128], outputs: 10), seed: 1)
    let accuracies = try BLAS.available.map { backend in
      try BLAS.$backend.withValue(backend) {
        var model = start
        var trainer = Trainer(
          loss: .softmaxCrossEntropy, optimizer: SGD(learningRate: 0.1), schedule: LinearDecay())
        try trainer.fit(&model, to: data.training, epochs: 5, batchSize: 32, seed: 1)
        return try #require(model.evaluate(data.test).accuracy)
      }
    }
    #expect(accuracies.allSatisfy { $0 >= 0.87 }, "\(accuracies)")
    let spread = (accuracies.max() ?? 0) - (accuracies.min() ?? 0)
    #expect(spread <= 0.005, "\(accuracies)")
  }
}
