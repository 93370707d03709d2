import Layers
import LinearAlgebra
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// A step on a large table costs the rows that the batch names, and one of few examples on large weights those weights.
@Suite struct SparseStepTests {
  @Test func nothingOfTheTablesSizeIsAllocated() async {
    await #expect(processExitsWith: .success) {
      for backend in BLAS.available {
        try BLAS.$backend.withValue(backend) {
          var model = try Sequential(input: [3], seed: 1) {
            Embedding(vocabulary: 100_000, dimension: 4, weightInitializer: .constant(0.5))
            Dense(outputs: 2)
          }
          var descent = SGD(learningRate: 0.1)
          StoragePool.trim()
          let before = StoragePool.usedBytes
          let batch = try Tensor([99_999, 3, 3, 0, 51_234, 3], shape: [2, 3])
          let (_, gradients) = try model.valueAndGradients {
            try meanSquaredError($0(batch), .zeros([2, 3, 2]))
          }
          guard case .rows(let rows) = gradients.elements[0] else {
            try #require(Bool(false))
            return
          }
          try #require(rows.indices == [0, 3, 51_234, 99_999])
          try descent.update(&model, with: gradients)
          // What the step used is either in use or kept by the pool; the table is 1.6 MB.
          try #require(StoragePool.usedBytes + StoragePool.keptBytes - before < 100_000)
        }
      }
    }
  }

  @Test(arguments: [1, 3]) func fewExamplesAllocateNothingOfTheWeightsSize(count: Int) async {
    await #expect(processExitsWith: .success) { [count] in
      for backend in BLAS.available {
        try BLAS.$backend.withValue(backend) {
          var model = try Sequential(input: [1000], seed: 1) { Dense(outputs: 500) }
          var descent = SGD(learningRate: 0.1)
          StoragePool.trim()
          let before = StoragePool.usedBytes
          let (_, gradients) = try model.valueAndGradients {
            try meanSquaredError($0(.normal([count, 1000], seed: 2)), .zeros([count, 500]))
          }
          try descent.update(&model, with: gradients)
          // The weights are 2 MB.
          try #require(StoragePool.usedBytes + StoragePool.keptBytes - before < 100_000)
        }
      }
    }
  }

  @Test(.onEveryBackend) func aStepOfFewExamplesIsThatOfTheirDenseGradient() throws {
    let layer = try Dense(outputs: 20).initialized(for: [30], seed: 1)
    for count in [1, 2, 11] {
      var (multiplied, dense) = (layer, layer)
      var descent = SGD(learningRate: 0.3)
      let gradients = try layer.valueAndGradients {
        try meanSquaredError($0(.normal([count, 30], seed: 2)), .normal([count, 20], seed: 3))
      }.gradients
      guard case .product = gradients.elements[0] else { return #expect(Bool(false), "factors") }
      try descent.update(&multiplied, with: gradients)
      try dense.update(with: gradients) { $0.add($1.dense, scaledBy: -0.3) }
      #expect(multiplied.parameters.map(\.value) != layer.parameters.map(\.value))
      for (parameter, expected) in zip(multiplied.parameters, dense.parameters) {
        expectClose(parameter.value.array, expected.value.array, tolerance: 1e-6)
      }
    }
  }

  @Test(.onEveryBackend) func stepsAreThoseOfDenseGradientsBitForBit() throws {
    let layer = try Embedding(vocabulary: 7, dimension: 3).initialized(for: [4], seed: 1)
    var (byRows, dense) = (layer, layer)
    let rate: Float = 0.3
    var descent = SGD(learningRate: rate)
    for step in 0..<5 {
      let batch = try Tensor([5, 1, 5, 5, 0, Float(step), 1, 5], shape: [2, 4])
      let target = Tensor.normal([2, 4, 3], seed: UInt64(step))
      func loss(_ layer: Embedding) throws -> Tensor { try meanSquaredError(layer(batch), target) }
      try descent.update(&byRows, with: byRows.valueAndGradients(of: loss).gradients)
      try dense.update(with: dense.valueAndGradients(of: loss).gradients) { weight, gradient in
        weight.add(gradient.dense, scaledBy: -rate)
      }
      #expect(byRows.weight == dense.weight)
    }
    #expect(byRows.weight != layer.weight)
  }
}
