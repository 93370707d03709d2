import Layers
import LinearAlgebra
import Tensors

/// A rule whose step for an element depends on nothing but that element: its parameter, its gradient, and what the rule
/// remembers of it.
///
/// A rule says what it remembers and gives the loop over a range of elements; this does the rest: memory by path, one
/// pass over each parameter shared among the threads, saving and restoring. A gradient by rows is spread to the whole
/// table, unless the rule says that rows can be stepped alone, and one that is a product is multiplied, unless the rule does
/// nothing but add it. No bit depends on the number of threads, but for what a backend makes of such a product.
protocol ElementwiseOptimizer: Optimizer {
  /// The names of what is remembered for each element, such as `mean` and `square`.
  var memoryNames: [String] { get }

  /// What each element's memory begins with.
  var initialMemory: Float { get }

  /// Whether rows without a gradient are left alone, memory and all.
  var stepsRowsAlone: Bool { get }

  /// By what a gradient is multiplied where the rule does nothing but add it to the parameter; otherwise `nil`.
  var gradientScale: Float? { get }

  /// What is remembered of each parameter.
  var memory: OptimizerMemory { get set }

  /// The loop of a parameter's step of this number, counted from 1; 0 where nothing is remembered.
  func loop(step: Int) -> (ElementwiseStep, Range<Int>) -> Void
}

/// The memory that a rule's loop reads and writes, element by element.
struct ElementwiseStep {
  let parameter: UnsafeMutablePointer<Float>
  let gradient: UnsafePointer<Float>

  /// In the order of ``ElementwiseOptimizer/memoryNames``.
  let memory: [UnsafeMutablePointer<Float>]

  /// The gradient of an element, with λ θ where it has a penalty λ θ² / 2.
  @inline(__always)
  func gradient(at index: Int, penalty: Float) -> Float { gradient[index] + penalty * parameter[index] }

  /// Calls `body` for pieces of a range that stay in the nearest cache, with memory for as many numbers: for what is computed
  /// of many at once, as square roots are. The next piece is fetched meanwhile: a core waits for more lines at once than it
  /// fetches ahead by itself.
  @inline(__always)
  func inPieces(
    of range: Range<Int>, _ body: (_ piece: Range<Int>, _ values: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let most = 128
    withUnsafeTemporaryAllocation(of: Float.self, capacity: most) { values in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
        let piece = start..<min(start + most, range.upperBound)
        fetch(
          min(piece.upperBound + most, range.upperBound)..<min(piece.upperBound + 2 * most, range.upperBound))
        body(piece, UnsafeMutableBufferPointer(rebasing: values[..<piece.count]))
      }
    }
  }

  private func fetch(_ range: Range<Int>) {
    Elementary.fetch(parameter + range.lowerBound, count: range.count)
    Elementary.fetch(gradient + range.lowerBound, count: range.count)
    for memory in memory { Elementary.fetch(memory + range.lowerBound, count: range.count) }
  }
}

/// Steps taken and tensors remembered, by the parameter's path.
struct OptimizerMemory: Sendable {
  struct Entry: Sendable {
    var step = 0
    var tensors: [Tensor]
  }

  var entries: [String: Entry] = [:]
}

extension ElementwiseOptimizer {
  var initialMemory: Float { 0 }
  var stepsRowsAlone: Bool { false }
  var gradientScale: Float? { nil }

  public mutating func update(_ model: inout some Module, with gradients: Gradients) throws {
    guard !memoryNames.isEmpty else {
      var none = OptimizerMemory.Entry(tensors: [])
      return try model.update(with: gradients) { step(&$0, $1, &none) }
    }
    try check(model)
    // While it is changed, nothing else refers to it, so that it is changed in place.
    var memory = OptimizerMemory()
    swap(&memory, &self.memory)
    defer { swap(&memory, &self.memory) }
    try model.update(
      with: gradients,
      byPath: { parameter, gradient, path in
        var entry =
          memory.entries.removeValue(forKey: path)
          ?? .init(tensors: memoryNames.map { _ in Tensor(repeating: initialMemory, shape: parameter.shape) })
        entry.step += 1
        step(&parameter, gradient, &entry)
        memory.entries[path] = entry
      })
  }

  private func step(_ parameter: inout Tensor, _ gradient: Gradient, _ entry: inout OptimizerMemory.Entry) {
    if let gradientScale { return parameter.add(gradient, scaledBy: gradientScale) }
    let loop = loop(step: entry.step)
    entry.tensors.withUnsafeMutablePointers { memory in
      parameter.withUnsafeMutableElements { parameter in
        guard let start = parameter.baseAddress else { return }
        if stepsRowsAlone, case .rows(let rows) = gradient {
          let width = rows.shape.droppingFirst.count
          rows.forEachSum { position, columns, sum in
            let row = rows.indices[position] * width
            let step = ElementwiseStep(parameter: start + row, gradient: sum, memory: memory.map { $0 + row })
            loop(step, columns)
          }
        } else {
          gradient.dense.withUnsafePointer { gradient in
            let step = ElementwiseStep(parameter: start, gradient: gradient, memory: memory)
            Threads.parallel(overElements: parameter.count) { loop(step, $0) }
          }
        }
      }
    }
  }

  public func check(_ model: some Module) throws {
    guard !memory.entries.isEmpty else { return }
    for (path, value) in model.parameters {
      guard let known = memory.entries[path]?.tensors.first?.shape, known != value.shape else { continue }
      throw ShapeError(path, expected: "a parameter \(known), as in the steps before", got: value.shape)
    }
  }

  public var state: OptimizerState {
    var state = OptimizerState()
    for (path, entry) in memory.entries {
      state.counts["step.\(path)"] = entry.step
      for (name, tensor) in zip(memoryNames, entry.tensors) { state.tensors["\(name).\(path)"] = tensor }
    }
    return state
  }

  public mutating func restore(_ state: OptimizerState) throws {
    var entries: [String: OptimizerMemory.Entry] = [:]
    for (name, step) in state.counts {
      guard name.hasPrefix("step."), step > 0 else {
        throw StateError("\(Self.self) remembers no \"\(name)\" of \(step)")
      }
      let path = String(name.dropFirst("step.".count))
      let tensors = memoryNames.compactMap { state.tensors["\($0).\(path)"] }
      guard tensors.count == memoryNames.count, Set(tensors.map(\.shape)).count <= 1 else {
        throw StateError(
          "\(Self.self) remembers \(memoryNames.joined(separator: ", ")) of \(path), which the state has not")
      }
      entries[path] = .init(step: step, tensors: tensors)
    }
    guard state.tensors.count == entries.count * memoryNames.count else {
      throw StateError("the state holds more than \(Self.self) remembers")
    }
    memory.entries = entries
  }
}

extension Float {
  /// This number, or 0 where it is subnormal.
  ///
  /// What is remembered of a parameter that no gradient reaches any more, such as a weight of a pixel that is always 0, halves
  /// and halves until it gets there, and processors take many times longer over such numbers.
  @inline(__always)
  var withoutSubnormal: Float { magnitude < .leastNormalMagnitude ? 0 : self }
}

extension [Tensor] {
  /// Calls `body` with all tensors' elements, for it to change in place. Each is out of the array meanwhile, so that
  /// nothing else refers to it.
  fileprivate mutating func withUnsafeMutablePointers(_ body: ([UnsafeMutablePointer<Float>]) -> Void) {
    open([], body)
  }

  private mutating func open(
    _ behind: [UnsafeMutablePointer<Float>], _ body: ([UnsafeMutablePointer<Float>]) -> Void
  ) {
    guard var last = popLast() else { return body(behind) }
    last.withUnsafeMutableElements { elements in
      if let start = elements.baseAddress { open([start] + behind, body) }
    }
    append(last)
  }
}
