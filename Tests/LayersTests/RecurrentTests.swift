import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct RecurrentTests {
  @Test func passesTheChecksOfALayer() throws {
    try checkLayer(
      LSTM(hidden: 3), input: [4, 2], output: [4, 3],
      parameters: [
        "weight_ih_l0": [12, 2], "weight_hh_l0": [12, 3], "bias_ih_l0": [12], "bias_hh_l0": [12],
      ], wrongInput: [4, 3])
    try checkLayer(
      GRU(hidden: 2, layers: 2, bias: false), input: [3, 1], output: [3, 2],
      parameters: [
        "weight_ih_l0": [6, 1], "weight_hh_l0": [6, 2], "weight_ih_l1": [6, 2], "weight_hh_l1": [6, 2],
      ], wrongInput: [1])
    try checkLayer(
      SimpleRecurrent(hidden: 2, layers: 2, bidirectional: true, activation: .sigmoid, bias: false),
      input: [3, 1],
      output: [3, 4],
      parameters: [
        "weight_ih_l0": [2, 1], "weight_hh_l0": [2, 2], "weight_ih_l0_reverse": [2, 1],
        "weight_hh_l0_reverse": [2, 2], "weight_ih_l1": [2, 4], "weight_hh_l1": [2, 2],
        "weight_ih_l1_reverse": [2, 4], "weight_hh_l1_reverse": [2, 2],
      ], wrongInput: [0, 1])
    try checkLayer(LastStep(), input: [4, 3], output: [3], parameters: [:], wrongInput: [4])
  }

  private struct Settings: Decodable {
    let kind: String
    let hidden: Int
    let layers: Int
    let bidirectional: Bool
    let lengths: [Int]?
    let states: Int
    let bias: Bool
    let activation: String?
  }

  @Test(arguments: try ReferenceCase.all(in: "recurrent")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    let settings = try reference.settings(Settings.self)
    let (hidden, layers, both, bias) = (
      settings.hidden, settings.layers, settings.bidirectional, settings.bias
    )
    func check(_ layer: some RecurrentLayer) throws {
      let input = try #require(reference.inputs.first)
      try checkModule(layer.initialized(for: input.shape.droppingFirst, seed: 1), against: reference) {
        layer, inputs, pass in
        let states = Array(inputs.dropFirst())
        let state = RecurrentState(
          hidden: Array(states.prefix(settings.states)), cell: Array(states.dropFirst(settings.states)))
        let (output, final) = try layer(
          inputs[0], state: states.isEmpty ? nil : state, lengths: settings.lengths, in: pass)
        return try joined([output] + final.hidden + final.cell)
      }
    }
    switch settings.kind {
    case "LSTM": try check(LSTM(hidden: hidden, layers: layers, bidirectional: both, bias: bias))
    case "GRU": try check(GRU(hidden: hidden, layers: layers, bidirectional: both, bias: bias))
    default:
      try check(
        SimpleRecurrent(
          hidden: hidden, layers: layers, bidirectional: both,
          activation: settings.activation == "relu" ? .relu : .tanh, bias: bias))
    }
  }

  private struct LastStepSettings: Decodable { let lengths: [Int]? }

  @Test(arguments: try ReferenceCase.all(in: "last-step")) func lastStepsAgreeWithPyTorch(
    _ reference: ReferenceCase
  ) throws {
    let lengths = try reference.settings(LastStepSettings.self).lengths
    try checkOperation(against: reference) { try lastStep($0[0], lengths: lengths) }
    if lengths == nil { try checkLayer(LastStep(), against: reference) }
  }

  private static let layers: [any RecurrentLayer] = [
    SimpleRecurrent(hidden: 5, layers: 2), LSTM(hidden: 17, layers: 2), GRU(hidden: 4, layers: 2),
  ]

  @Test(arguments: layers) func singleStepsGiveTheSameAsASequence(_ layer: any RecurrentLayer) throws {
    func check(_ layer: some RecurrentLayer) throws {
      let layer = try layer.initialized(for: [4, 3], seed: 1)
      let input = Tensor.normal([2, 4, 3], seed: 2)
      let (output, final) = try layer(input, state: nil)
      #expect(try layer(input) == output)
      var state: RecurrentState?
      for time in 0..<4 {
        let x = try Tensor((0..<6).map { input[$0 / 3, time, $0 % 3] }, shape: [2, 3])
        let (y, next) = try layer.step(x, state: state)
        let expected = (0..<y.count).map { output[$0 / y.shape[1], time, $0 % y.shape[1]] }
        expectClose(y.array, expected, tolerance: 1e-6, "step \(time)")
        state = next
      }
      for (step, whole) in zip((state?.hidden ?? []) + (state?.cell ?? []), final.hidden + final.cell) {
        expectClose(step.array, whole.array, tolerance: 1e-6)
      }
    }
    try check(layer)
  }

  /// The state carries a sequence on, and error terms back, unless it is detached.
  @Test func aSequenceInTwoPartsIsTheWhole() throws {
    let layer = try LSTM(hidden: 3).initialized(for: [4, 2], seed: 1)
    let parts = [Tensor.normal([2, 1, 2], seed: 2), .normal([2, 3, 2], seed: 3)]
    let whole = try Tensor(
      (0..<2).flatMap { example in
        parts.flatMap { part in part.array[example * part.shape[1] * 2..<(example + 1) * part.shape[1] * 2] }
      }, shape: [2, 4, 2])
    func loss(_ state: RecurrentState) throws -> Tensor {
      try meanSquaredError(joined(state.hidden + state.cell), .zeros([12]))
    }
    let (_, expected) = try layer.valueAndGradients { try loss($0(whole, state: nil).state) }
    let (_, found) = try layer.valueAndGradients { layer in
      let (_, state) = try layer(parts[0], state: nil)
      return try loss(layer(parts[1], state: state).state)
    }
    let (_, truncated) = try layer.valueAndGradients { layer in
      let (_, state) = try layer(parts[0], state: nil)
      return try loss(layer(parts[1], state: state.detached).state)
    }
    for (expected, found) in zip(expected.values, found.values) {
      expectClose(try #require(found).array, try #require(expected).array, tolerance: 1e-5)
    }
    let bias = try #require(expected["bias_ih_l0"]).array
    #expect(difference(try #require(truncated["bias_ih_l0"]).array, bias, tolerance: 1e-3) != nil)
  }

  @Test func dropoutIsForTrainingAndBetweenLayers() throws {
    let layer = try GRU(hidden: 8, layers: 2, dropout: 0.5).initialized(for: [3, 2], seed: 1)
    let input = Tensor.normal([2, 3, 2], seed: 2)
    let plain = try layer(input)
    #expect(try layer(input, in: Pass(.training, seed: 1)) != plain)
    #expect(try layer(input, in: Pass(.training, seed: 1)) == layer(input, in: Pass(.training, seed: 1)))
    #expect(try layer(input, in: Pass(.training, seed: 1)) != layer(input, in: Pass(.training, seed: 2)))
    let single = try GRU(hidden: 8, dropout: 0.5).initialized(for: [3, 2], seed: 1)
    #expect(try single(input, in: Pass(.training, seed: 1)) == single(input))
    try checkGradients(at: [input]) { try layer($0[0], in: Pass(.training, seed: 3)) }
  }

  @Test func parametersBeginAsInPyTorch() throws {
    let layer = try LSTM(hidden: 16).initialized(for: [3, 4], seed: 1)
    for (path, value) in layer.parameters {
      let largest = value.array.map(abs).max() ?? 0
      #expect(largest <= 0.25 && largest > 0.2, "\(path)")
    }
    let other = try LSTM(hidden: 16, weightInitializer: .orthogonal(gain: 1)).initialized(
      for: [3, 4], seed: 1)
    #expect(other.parameters.last?.value == .zeros([64]))
  }

  @Test func badSettingsAndCallsThrow() throws {
    let settings: [any Layer] = [
      LSTM(hidden: 0), LSTM(hidden: -1), LSTM(hidden: .max), LSTM(hidden: 1 << 40), GRU(hidden: 2, layers: 0),
      GRU(hidden: 2, layers: .max), GRU(hidden: 1 << 14, layers: 1000), GRU(hidden: 2, dropout: -0.1),
      GRU(hidden: 2, dropout: .nan),
      GRU(hidden: 2, dropout: 1), SimpleRecurrent(hidden: 2, activation: .heaviside),
      SimpleRecurrent(hidden: .max, bidirectional: true),
    ]
    for layer in settings {
      #expect(throws: ShapeError.self, "\(layer)") { try layer.initialized(for: [3, 2], seed: 1) }
    }
    let layer = try LSTM(hidden: 2).initialized(for: [3, 4], seed: 1)
    let zeros = Tensor.zeros([1, 2])
    let error = #expect(throws: ShapeError.self) { try layer(.zeros([2, 3])) }
    #expect(error?.description == "LSTM(4 → 2) expects [batch, steps, 4], got [2, 3]")
    #expect(throws: ShapeError.self) { try LSTM(hidden: 2)(.zeros([1, 3, 4])) }
    #expect(throws: ShapeError.self) { try layer.step(.zeros([1, 3, 4]), state: nil) }
    #expect(throws: ShapeError.self) { try layer.initialized(for: [3, 5], seed: 1) }
    for state in [
      RecurrentState(hidden: [zeros]), RecurrentState(hidden: [], cell: [zeros]),
      RecurrentState(hidden: [zeros, zeros], cell: [zeros, zeros]),
      RecurrentState(hidden: [zeros], cell: [.zeros([2, 2])]),
      RecurrentState(hidden: [.zeros([2])], cell: [zeros]),
    ] {
      #expect(throws: ShapeError.self) { try layer(.zeros([1, 3, 4]), state: state) }
      #expect(throws: ShapeError.self) { try layer.step(.zeros([1, 4]), state: state) }
    }
    for lengths in [[], [0], [4], [1, 1]] {
      #expect(throws: ShapeError.self) { try layer(.zeros([1, 3, 4]), state: nil, lengths: lengths) }
    }
    let both = try GRU(hidden: 2, bidirectional: true).initialized(for: [3, 4], seed: 1)
    #expect(throws: ShapeError.self) { try both.step(.zeros([1, 4]), state: nil) }
  }

  @Test func printsAsTheCallThatMakesIt() throws {
    #expect("\(LSTM(hidden: 4))" == "LSTM(→ 4)")
    let layer = GRU(hidden: 4, layers: 2, bidirectional: true, dropout: 0.25, bias: false)
    #expect(
      "\(try layer.initialized(for: [5, 3], seed: 1))"
        == "GRU(3 → 4, layers: 2, bidirectional, dropout: 0.25, no bias)")
    #expect("\(SimpleRecurrent(hidden: 4, activation: .relu))" == "SimpleRecurrent(→ 4, relu)")
    let model = try Sequential(input: [28, 28], seed: 7) {
      LSTM(hidden: 4)
      LastStep()
      Dense(outputs: 10)
    }
    #expect(try model(.zeros([2, 28, 28])).shape == [2, 10])
    #expect(model.summary.contains("0 (LSTM)"))
  }
}
