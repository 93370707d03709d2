import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct SequentialTests {
  @Test func passesTheChecksOfALayer() throws {
    let layers = try Sequential {
      Dense(outputs: 4, activation: .sigmoid).named("hidden")
      Activation.tanh
      Dense(outputs: 2)
    }
    try checkLayer(
      layers, input: [3], output: [2],
      parameters: ["hidden.weight": [4, 3], "hidden.bias": [4], "2.weight": [2, 4], "2.bias": [2]],
      wrongInput: [4])
    try checkLayer(Activation.relu, input: [3], output: [3], parameters: [:], wrongInput: nil)
    try checkLayer(Softmax(), input: [3], output: [3], parameters: [:], wrongInput: [0])
  }

  @Test(arguments: [true, false]) func theBuilderKeepsEveryLayer(_ condition: Bool) throws {
    let model = try Sequential(input: [2], seed: 1) {
      Dense(outputs: 2)
      if condition { Activation.relu }
      if condition { Dense(outputs: 3) } else { Dense(outputs: 4) }
      for width in [5, 6] {
        Dense(outputs: width)
        Activation.tanh
      }
      switch condition {
      case true: Softmax()
      case false: Activation.sigmoid
      }
      if #available(macOS 26, *) { Activation.identity }
    }
    #expect(model.count == (condition ? 9 : 8))
    #expect(try model.outputShape(for: [2]) == [6])
    #expect("\(model[1])" == (condition ? "relu" : "Dense(2 → 4)"))
  }

  @Test func wrongSizesAreFoundBeforeTheFirstBatch() throws {
    let odd = try Dense(weight: .zeros([4, 5]), bias: nil).named("odd")
    let error = #expect(throws: ShapeError.self) {
      try Sequential(input: [2], seed: 1) {
        Dense(outputs: 3)
        odd
      }
    }
    #expect(error?.path == ["odd"])
  }

  @Test func namesAreUnique() {
    #expect(throws: NameError.self) {
      try Sequential {
        Dense(outputs: 1).named("twin")
        Dense(outputs: 1).named("twin")
      }
    }
  }

  @Test func theSummaryCountsParameters() throws {
    let model = try Sequential(input: [784], seed: 1) {
      Dense(outputs: 128, activation: .relu).named("hidden")
      Dense(outputs: 10)
    }
    #expect(
      model.summary == """
        Model: Sequential
        _____________________________________________________________
         Layer (type)               Output Shape            Param #
        =============================================================
         hidden (Dense)             (None, 128)             100480
         1 (Dense)                  (None, 10)              1290
        =============================================================
        Total params: 101770 (397.54 KB)
        _____________________________________________________________

        """)
  }

  @Test func theSeedDecidesTheWeights() throws {
    func model(_ seed: UInt64) throws -> [Tensor] {
      try Sequential(input: [3], seed: seed) { Dense(outputs: 4) }.parameters.map(\.value)
    }
    #expect(try model(1) == model(1))
    #expect(try model(1) != model(2))
  }
}
