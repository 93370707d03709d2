import Foundation
import Interchange
import Layers
import Operations
import Tensors
import Testing
import Training

/// Checks what holds for every layer: its shapes, the paths and the completeness of its parameters, that inference is
/// deterministic, that a wrong shape throws a line that says so, that a summary lists it, that it can be saved and loaded,
/// that a gradient reaches every parameter, and that a step of descent helps.
///
/// - Parameters:
///   - layer: without parameters yet, or with.
///   - input: the shape of an example.
///   - output: the shape that its output is to have.
///   - parameters: the paths and shapes that its parameters are to have.
///   - buffers: the paths and shapes that its buffers are to have.
///   - wrongInput: the shape of an example it must refuse; `nil` if it takes any.
///   - isTrainable: whether descent can train it; not, where an activation's derivative is zero everywhere.
///   - batch: what to call it with, three examples, where normally distributed numbers make no sense.
public func checkLayer<Subject: Layer>(
  _ layer: Subject, input: Shape, output: Shape, parameters: [String: Shape],
  buffers: [String: Shape] = [:], wrongInput: Shape?, isTrainable: Bool = true, batch: Tensor? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let layer = try layer.initialized(for: input, seed: 11)
  let batch = batch ?? .normal(input.prepending(3), seed: 12)

  #expect(try layer.outputShape(for: input) == output, sourceLocation: sourceLocation)
  let answer = try layer(batch)
  #expect(answer.shape == output.prepending(3), sourceLocation: sourceLocation)
  #expect(try layer(batch) == answer, "inference is deterministic", sourceLocation: sourceLocation)

  let found = Dictionary(uniqueKeysWithValues: layer.parameters.map { ($0.path, $0.value.shape) })
  #expect(found == parameters, sourceLocation: sourceLocation)
  let foundBuffers = Dictionary(uniqueKeysWithValues: layer.buffers.map { ($0.path, $0.value.shape) })
  #expect(foundBuffers == buffers, sourceLocation: sourceLocation)
  #expect(
    storedTensors(in: layer) == layer.state.count, "every stored tensor is visited",
    sourceLocation: sourceLocation)

  if let wrongInput {
    let ofShape = #expect(throws: ShapeError.self, sourceLocation: sourceLocation) {
      try layer.outputShape(for: wrongInput)
    }
    let ofCall = #expect(throws: ShapeError.self, sourceLocation: sourceLocation) {
      try layer(.zeros(wrongInput.prepending(2)))
    }
    for error in [ofShape, ofCall].compactMap(\.self) {
      checkText(of: error, from: layer, sourceLocation: sourceLocation)
    }
  }

  let summary = try Sequential(input: input, seed: 11) { layer }.summary
  let sizes = (["None"] + output.array.map(String.init)).joined(separator: ", ")
  #expect(
    summary.split(separator: "\n").contains {
      $0.hasPrefix(" 0 (\(Subject.self)) ") && $0.hasSuffix(" \(layer.parameterCount)")
        && $0.contains(" (\(sizes)) ")
    }, "the summary lists the layer:\n\(summary)", sourceLocation: sourceLocation)

  let path = FileManager.default.temporaryDirectory.appending(path: "layer-\(UUID()).safetensors").path
  defer { try? FileManager.default.removeItem(atPath: path) }
  try layer.save(to: path)
  var loaded = try layer.initialized(for: input, seed: 13)
  loaded.updateParameters { parameter, _ in parameter = .zeros(parameter.shape) }
  loaded.updateBuffers { buffer, _ in buffer = Buffer(.zeros(buffer.value.shape)) }
  try loaded.load(from: path)
  #expect(
    try loaded(batch) == answer, "a loaded layer answers as the saved one", sourceLocation: sourceLocation)

  guard !parameters.isEmpty, isTrainable else { return }
  let target = Tensor.normal(answer.shape, seed: 14)
  func loss(_ layer: Subject) throws -> Tensor { try meanSquaredError(layer(batch), target) }
  let (before, gradients) = try layer.valueAndGradients(of: loss)
  for path in gradients.paths {
    let gradient = gradients[path]?.array ?? []
    #expect(gradient.contains { $0 != 0 }, "a gradient reaches \(path)", sourceLocation: sourceLocation)
  }
  var stepped = layer
  var descent = SGD(learningRate: 0.01)
  try descent.update(&stepped, with: gradients)
  #expect(try loss(stepped).item() < before.item(), "a step lowers the loss", sourceLocation: sourceLocation)
}

/// Checks that an error is a line that names the layer as the call that makes it does, or, of a model of named layers, the
/// one at fault, and says what was expected and what came.
private func checkText(of error: ShapeError, from layer: some Layer, sourceLocation: SourceLocation) {
  let text = error.description
  let name = "\(layer)".prefix { $0 != "(" }
  #expect(
    error.site.hasPrefix(name) || !error.path.isEmpty, "\(name) is not named: \(text)",
    sourceLocation: sourceLocation)
  #expect(
    text.wholeMatch(of: /.+ expects .+, got .+/) != nil, "\(text)", sourceLocation: sourceLocation)
}

/// The number of tensors in a value's stored properties, by reflection.
private func storedTensors(in value: Any) -> Int {
  if value is Tensor { return 1 }
  return Mirror(reflecting: value).children.reduce(0) { $0 + storedTensors(in: $1.value) }
}
