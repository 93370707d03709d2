import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

@Suite(.onEveryBackend) struct OptimizerTests {
  /// PyTorch's names.
  private struct Settings: Decodable {
    let rule: String
    let lr: Float
    let betas: [Float]?
    let eps, alpha, rho, momentum, weightDecay, lrDecay, initialAccumulatorValue: Float?
    let nesterov, amsgrad, centered: Bool?

    var optimizer: (any Optimizer)? {
      let (first, second) = (betas?[0], betas?[1])
      return switch rule {
      case "SGD":
        SGD(
          learningRate: lr, momentum: momentum ?? 0, isNesterov: nesterov ?? false,
          weightDecay: weightDecay ?? 0)
      case "Adam":
        Adam(
          learningRate: lr, meanDecay: first ?? 0.9, squareDecay: second ?? 0.999, epsilon: eps ?? 1e-8,
          weightDecay: weightDecay ?? 0, isAMSGrad: amsgrad ?? false)
      case "AdamW":
        AdamW(
          learningRate: lr, meanDecay: first ?? 0.9, squareDecay: second ?? 0.999, epsilon: eps ?? 1e-8,
          weightDecay: weightDecay ?? 0.01, isAMSGrad: amsgrad ?? false)
      case "RMSprop":
        RMSprop(
          learningRate: lr, decay: alpha ?? 0.99, epsilon: eps ?? 1e-8, momentum: momentum ?? 0,
          isCentered: centered ?? false, weightDecay: weightDecay ?? 0)
      case "Adagrad":
        Adagrad(
          learningRate: lr, rateDecay: lrDecay ?? 0, initialSum: initialAccumulatorValue ?? 0,
          weightDecay: weightDecay ?? 0)
      case "Adadelta":
        Adadelta(
          learningRate: lr, decay: rho ?? 0.9, epsilon: eps ?? 1e-6, weightDecay: weightDecay ?? 0)
      case "Lion":
        Lion(
          learningRate: lr, stepDecay: first ?? 0.9, meanDecay: second ?? 0.99,
          weightDecay: weightDecay ?? 0)
      default: nil
      }
    }
  }

  @Test(arguments: try ReferenceCase.all(in: "optimizers")) func followsPyTorchForAHundredSteps(
    _ reference: ReferenceCase
  ) throws {
    var optimizer = try #require(try reference.settings(Settings.self).optimizer)
    let network = try Sequential(input: [4], seed: 1) {
      Dense(outputs: 6)
      Activation.tanh
      Dense(outputs: 3)
    }
    try checkModule(
      network, against: reference, steps: 100, optimizer: { try optimizer.update(&$0, with: $1) },
      { try $0($1[0], in: $2) })
  }

  /// Each rule with all that it can remember.
  private static let rules: [any Optimizer] = [
    SGD(learningRate: 0.1), SGD(learningRate: 0.05, momentum: 0.9, isNesterov: true),
    Adam(learningRate: 0.01, isAMSGrad: true), Adam(learningRate: 0.01, stepsRowsAlone: true),
    AdamW(learningRate: 0.01), RMSprop(learningRate: 0.01, momentum: 0.9, isCentered: true),
    Adagrad(learningRate: 0.1, initialSum: 0.1), Adadelta(), Lion(learningRate: 0.01, weightDecay: 0.1),
    ParameterGroups(AdamW(learningRate: 0.01)) {
      ParameterGroup(.biasesAndNorms, Adam(learningRate: 0.02))
      ParameterGroup(.under("0"), SGD(learningRate: 0.05, momentum: 0.5))
    },
  ]

  /// A look-up and a dense layer, so that there are gradients by rows too.
  private func model() throws -> Sequential {
    try Sequential(input: [2], seed: 3) {
      Embedding(vocabulary: 6, dimension: 3)
      Dense(outputs: 2, activation: .tanh)
    }
  }

  private func step(_ model: inout Sequential, _ optimizer: inout some Optimizer, number: Int) throws {
    let batch = try Tensor([1, Float(number % 6), 4, 1], shape: [2, 2])
    let (_, gradients) = try model.valueAndGradients {
      try meanSquaredError($0(batch), .normal([2, 2, 2], seed: UInt64(number)))
    }
    try optimizer.update(&model, with: gradients)
  }

  @Test(arguments: rules.indices) func goesOnFromItsStateBitForBit(_ number: Int) throws {
    func check(_ rule: some Optimizer) throws {
      var (model, optimizer) = (try model(), rule)
      for number in 0..<5 { try step(&model, &optimizer, number: number) }
      var (resumed, fresh) = (model, rule)
      try fresh.restore(optimizer.state)
      #expect(fresh.state == optimizer.state)
      for number in 5..<10 {
        try step(&model, &optimizer, number: number)
        try step(&resumed, &fresh, number: number)
      }
      #expect(model.parameters.map(\.value) == resumed.parameters.map(\.value))
      #expect(fresh.state == optimizer.state)
    }
    try check(Self.rules[number])
  }

  @Test(arguments: rules.indices) func anotherRulesStateIsRefused(_ number: Int) throws {
    func refused(_ rule: some Optimizer, _ state: OptimizerState) {
      var rule = rule
      #expect(throws: StateError.self) { try rule.restore(state) }
    }
    refused(Self.rules[number], OptimizerState(tensors: ["other.0.weight": .zeros([2])]))
    refused(
      Self.rules[number],
      OptimizerState(tensors: ["other.0.weight": .zeros([2])], counts: ["step.0.weight": 1]))
    refused(Self.rules[number], OptimizerState(counts: ["steps": 1]))
    refused(Self.rules[number], OptimizerState(counts: ["step.0.weight": 0]))
  }

  @Test(arguments: rules.indices) func gradientsOfAnotherModelChangeNothing(_ number: Int) throws {
    func check(_ rule: some Optimizer) throws {
      var (model, optimizer) = (try model(), rule)
      try step(&model, &optimizer, number: 0)
      var other = try Sequential(input: [2], seed: 3) {
        Embedding(vocabulary: 5, dimension: 3)
        Dense(outputs: 2, activation: .tanh)
      }
      let (before, state) = (other.parameters.map(\.value), optimizer.state)
      let (_, gradients) = try model.valueAndGradients {
        try meanSquaredError($0(.zeros([1, 2])), .zeros([1, 2, 2]))
      }
      #expect(throws: ShapeError.self) { try optimizer.update(&other, with: gradients) }
      #expect(other.parameters.map(\.value) == before)
      #expect(optimizer.state == state)
    }
    try check(Self.rules[number])
  }

  @Test func aParameterWithoutGradientStays() throws {
    struct Pair: Module {
      var used = Tensor([1, 2])
      var unused = Tensor([3])
      mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.visit(&used, named: "used")
        visitor.visit(&unused, named: "unused")
      }
    }
    for rule in Self.rules {
      func check(_ rule: some Optimizer) throws {
        var (pair, optimizer) = (Pair(), rule)
        let (_, gradients) = try pair.valueAndGradients { try meanSquaredError($0.used, Tensor([0, 0])) }
        try optimizer.update(&pair, with: gradients)
        #expect(pair.unused.array == [3])
        #expect(pair.used.array != [1, 2])
      }
      try check(rule)
    }
    var (pair, adam) = (Pair(), Adam(learningRate: 0.5))
    let (_, gradients) = try pair.valueAndGradients { try meanSquaredError($0.used, Tensor([0, 0])) }
    try adam.update(&pair, with: gradients)
    // The first step is α along the sign of the gradient.
    expectClose(pair.used.array, [0.5, 1.5], tolerance: 1e-6)
  }

  @Test func rowsAloneMoveOnlyTheRowsMet() throws {
    var (model, adam) = (try model(), Adam(learningRate: 0.1, stepsRowsAlone: true))
    let before = try #require(model.parameters.first).value
    try step(&model, &adam, number: 2)
    let after = try #require(model.parameters.first).value
    for row in 0..<6 {
      let same = (0..<3).allSatisfy { before[row, $0] == after[row, $0] }
      #expect(same == ![1, 2, 4].contains(row))
      #expect((adam.state.tensors["mean.0.weight"]?[row, 0] == 0) == same)
    }
  }

  @Test func groupsFollowTheirOwnRules() throws {
    var model = try Sequential(input: [2], seed: 3) {
      Dense(outputs: 3).named("first")
      Dense(outputs: 1).named("last")
    }
    let before = model.parameters.map(\.value)
    var optimizer = ParameterGroups(SGD(learningRate: 0.5)) {
      ParameterGroup(.biasesAndNorms, SGD(learningRate: 0.25))
      ParameterGroup(.under("last"), SGD(learningRate: 0))
    }
    optimizer.learningRate = 1
    let (_, gradients) = try model.valueAndGradients {
      try meanSquaredError($0(.normal([4, 2], seed: 1)), .normal([4, 1], seed: 2))
    }
    try optimizer.update(&model, with: gradients)
    for (index, rate) in [1, 0.5, 0, 0.5].enumerated() {
      let gradient = try #require(gradients.values[index])
      var expected = before[index]
      expected.add(gradient, scaledBy: -Float(rate))
      expectClose(model.parameters[index].value.array, expected.array, tolerance: 1e-6)
    }
  }

  /// Where gradients end, what a rule remembers goes to zero, and not to the slow numbers just above it.
  @Test func nothingSubnormalIsRemembered() throws {
    let rules: [any Optimizer] = [
      SGD(learningRate: 0.1, momentum: 0.9), Adam(), Adam(isAMSGrad: true), AdamW(),
      Adadelta(learningRate: 1),
      RMSprop(momentum: 0.9, isCentered: true), Lion(learningRate: 1e-3),
    ]
    for rule in rules {
      var rule = rule
      var model = try Dense(weight: .normal([4, 4], seed: 1), bias: nil)
      for step in 0..<1200 {
        let input: Tensor = step == 0 ? .normal([1, 4], seed: 2) : .zeros([1, 4])
        let (_, gradients) = try model.valueAndGradients {
          try sum(1e-19 * $0(input, in: Pass(.training)))
        }
        try rule.update(&model, with: gradients)
        for (name, tensor) in rule.state.tensors {
          let subnormal = tensor.array.count(where: \.isSubnormal)
          #expect(subnormal == 0, "\(type(of: rule)), \(name), step \(step)")
        }
      }
    }
  }
}
