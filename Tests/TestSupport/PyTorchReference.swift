import Foundation
import Interchange
import Layers
import Operations
import Tensors
import Testing
import Training

/// A case that PyTorch has computed in double precision; see `Tests/Fixtures/reference.py` for what it holds.
public struct ReferenceCase: Sendable, CustomTestStringConvertible {
  /// The file's and the case's name.
  public let testDescription: String

  private let settings: Data
  private let tensors: [String: Tensor]

  /// The cases of the file `Tests/Fixtures/NAME.safetensors`.
  public static func all(in name: String) throws -> [ReferenceCase] {
    let file = try Safetensors(fixture: name)
    var tensors: [Substring: [String: Tensor]] = [:]
    for (key, tensor) in file.tensors {
      let parts = key.split(separator: "/", maxSplits: 1)
      try #require(parts.count == 2)
      tensors[parts[0], default: [:]][String(parts[1])] = tensor
    }
    let text = try #require(file.metadata["cases"])
    let cases = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    return try cases.sorted { $0.key < $1.key }.map { key, settings in
      ReferenceCase(
        testDescription: "\(name): \(key)", settings: try JSONSerialization.data(withJSONObject: settings),
        tensors: try #require(tensors[Substring(key)]))
    }
  }

  /// The settings, by their names in the script.
  public func settings<Settings: Decodable>(_ type: Settings.Type = Settings.self) throws -> Settings {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: settings)
  }

  /// The tensor of that name: `output`, `gradient.weight`, ….
  public subscript(name: String) -> Tensor? { tensors[name] }

  /// The inputs, in order.
  public var inputs: [Tensor] {
    Array((0...).lazy.map { tensors["input.\($0)"] }.prefix { $0 != nil }.compactMap(\.self))
  }

  /// Those of a kind: `tensors(of: "gradient")["weight"]`.
  func tensors(of kind: String) -> [String: Tensor] {
    let pairs = tensors.compactMap { key, tensor in
      key.hasPrefix(kind + ".") ? (String(key.dropFirst(kind.count + 1)), tensor) : nil
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}

/// Checks a layer of one input against a case: its output in training and in inference, the gradient of its input and of
/// every parameter, and its whole state after three steps of descent.
///
/// Errors are relative to the largest element: at most `tolerance` forward, ten times that for gradients and state.
public func checkLayer<Subject: Layer>(
  _ layer: Subject, against reference: ReferenceCase, tolerance: Double = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let input = try #require(reference.inputs.first, sourceLocation: sourceLocation)
  let layer = try layer.initialized(for: input.shape.droppingFirst, seed: 1)
  try checkModule(layer, against: reference, tolerance: tolerance, sourceLocation: sourceLocation) {
    try $0($1[0], in: $2)
  }
}

/// Checks a module of any number of inputs against a case, as ``checkLayer(_:against:tolerance:sourceLocation:)`` does.
///
/// - Parameters:
///   - steps: how many the case has taken.
///   - optimizer: the rule of a step; by default gradient descent at rate 0.1.
///   - call: the module's output for the case's inputs.
public func checkModule<Subject: Module>(
  _ module: Subject, against reference: ReferenceCase, steps: Int = 3, tolerance: Double = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation,
  optimizer: (inout Subject, Gradients) throws -> Void = { model, gradients in
    var descent = SGD(learningRate: 0.1)
    try descent.update(&model, with: gradients)
  },
  _ call: (Subject, [Tensor], Pass) throws -> Tensor
) throws {
  func expect(_ actual: Tensor?, _ name: String, _ tolerance: Double) {
    guard let expected = reference[name] else { return }
    #expect(actual?.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
    guard let actual, actual.shape == expected.shape else { return }
    expectClose(
      actual.array, expected.array, tolerance: tolerance, "\(reference.testDescription), \(name)",
      sourceLocation: sourceLocation)
  }

  var module = try reference.restoringState(of: module, sourceLocation: sourceLocation)
  let inputs = reference.inputs
  let target = try #require(reference["target"], sourceLocation: sourceLocation)
  expect(try call(module, inputs, .inference), "evaluation", tolerance)
  expect(try call(module, inputs, Pass(.training)), "output", tolerance)

  if reference["gradient.input.0"] != nil || reference["gradient.input.1"] != nil {
    let tape = Tape()
    let output = try call(module, inputs.map(tape.watch), Pass(.training))
    let gradients = try tape.gradients(of: meanSquaredError(output, target))
    for (index, gradient) in gradients.enumerated() {
      expect(gradient, "gradient.input.\(index)", 10 * tolerance)
    }
  }

  guard !module.parameters.isEmpty else { return }
  for step in 0..<steps {
    let pass = Pass(.training)
    let (_, gradients) = try module.valueAndGradients { module in
      try meanSquaredError(call(module, inputs, pass), target)
    }
    if step == 0 {
      for path in gradients.paths { expect(gradients[path], "gradient.\(path)", 10 * tolerance) }
    }
    try optimizer(&module, gradients)
    pass.commit(to: &module)
  }
  for (path, value) in module.state { expect(value, "after.\(path)", 10 * tolerance) }
}

extension ReferenceCase {
  /// The module with the case's parameters and buffers, which are to be exactly the module's.
  fileprivate func restoringState<Subject: Module>(
    of module: Subject, sourceLocation: SourceLocation
  ) throws -> Subject {
    var module = module
    // Of PyTorch's batch normalization; nothing here depends on them.
    let state = tensors(of: "state").filter { !$0.key.hasSuffix("num_batches_tracked") }
    #expect(Set(module.state.map(\.path)) == Set(state.keys), sourceLocation: sourceLocation)
    module.updateParameters { parameter, path in
      let stored = state[path] ?? parameter
      #expect(stored.shape == parameter.shape, "\(path)", sourceLocation: sourceLocation)
      parameter = stored
    }
    module.updateBuffers { buffer, path in buffer = Buffer(state[path] ?? buffer.value) }
    return module
  }
}

/// Checks an operation against a case: its output and the gradient of each of its inputs.
public func checkOperation(
  against reference: ReferenceCase, tolerance: Double = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation, _ operation: ([Tensor]) throws -> Tensor
) throws {
  struct Parameterless: Module { mutating func visit(_ visitor: inout ModuleVisitor) {} }
  try checkModule(Parameterless(), against: reference, tolerance: tolerance, sourceLocation: sourceLocation) {
    _, inputs, _ in try operation(inputs)
  }
}
