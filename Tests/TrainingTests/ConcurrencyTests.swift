import Layers
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct ConcurrencyTests {
  /// Each task holds a snapshot and keeps getting that snapshot's answers, whatever becomes of the model.
  @Test func manyTasksPredictWhileTheModelTrains() async throws {
    let inputs = Tensor.normal([16, 20], seed: 1)
    let labels = (0..<16).map { $0 % 4 }
    var model = try Sequential(input: [20], seed: 2) {
      Dense(outputs: 32, activation: .tanh)
      Dense(outputs: 4)
    }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      var optimizer = SGD(learningRate: 0.1)
      for _ in 0..<32 {
        let (served, backend) = (model, BLAS.backend)
        let answer = try served(inputs)
        group.addTask {
          try BLAS.$backend.withValue(backend) {
            try (0..<20).allSatisfy { _ in try served(inputs) == answer }
          }
        }
        for _ in 0..<3 {
          let (_, gradients) = try model.valueAndGradients { try softmaxCrossEntropy($0(inputs), labels) }
          try optimizer.update(&model, with: gradients)
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}
