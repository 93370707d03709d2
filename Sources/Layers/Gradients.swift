import Tensors

/// ∂loss/∂parameter for the parameters of a module, in the order in which it shows them.
public struct Gradients: Sendable {
  /// The parameters' paths.
  public let paths: [String]

  /// By parameter, as a tensor, as the rows that are not zero or as a product that is not multiplied yet; `nil` where the loss
  /// does not depend on it.
  public private(set) var elements: [Gradient?]

  /// By parameter, as tensors: those known by rows are put among zeros, and products multiplied, at each call.
  public var values: [Tensor?] { elements.map { $0?.dense } }

  init(paths: [String], elements: [Gradient?]) {
    self.paths = paths
    self.elements = elements
  }

  /// Calls `body` with each gradient there is and its parameter's path, for it to change or take away.
  public mutating func update(_ body: (inout Gradient?, _ path: String) -> Void) {
    for index in elements.indices where elements[index] != nil { body(&elements[index], paths[index]) }
  }

  /// Adds the gradients of the same parameters for another loss; where one has none, the other's stand.
  ///
  /// - Throws: ``ShapeError``, before anything is changed, if they are another module's.
  public mutating func add(_ other: Gradients) throws {
    let shapesFit = zip(elements, other.elements).allSatisfy {
      $0 == nil || $1 == nil || $0?.shape == $1?.shape
    }
    guard paths == other.paths, shapesFit else {
      throw ShapeError("Gradients.add", expected: "gradients of \(paths)", got: "those of \(other.paths)")
    }
    for (index, gradient) in other.elements.enumerated() {
      guard let gradient else { continue }
      if elements[index] == nil { elements[index] = gradient } else { elements[index]?.add(gradient) }
    }
  }

  /// The gradient of the parameter at a path, as a tensor; `nil` if there is none, or the loss does not depend on it.
  public subscript(path: String) -> Tensor? {
    paths.firstIndex(of: path).flatMap { elements[$0]?.dense }
  }
}

extension Module {
  /// A value that depends on this module's parameters, and its gradient with respect to each of them.
  ///
  ///     let (loss, gradients) = try model.valueAndGradients { model in
  ///       try softmaxCrossEntropy(model(images, in: pass), labels)
  ///     }
  ///
  /// - Parameter function: gets this module as one whose parameters are watched, and returns one number.
  /// - Throws: what `function` throws, and ``TapeError/unrecorded`` if its value depends on no parameter.
  public func valueAndGradients(
    of function: (Self) throws -> Tensor
  ) throws -> (value: Tensor, gradients: Gradients) {
    let tape = Tape()
    defer { tape.close() }
    var watched = self
    var paths: [String] = []
    watched.updateParameters { parameter, path in
      parameter = tape.watch(parameter)
      paths.append(path)
    }
    let value = try function(watched)
    return (value.detached, Gradients(paths: paths, elements: try tape.sparseGradients(of: value)))
  }
}

extension Module {
  /// Calls `body` with each parameter that has a gradient, for it to change in place.
  ///
  /// A gradient by rows leaves the rest of its parameter as it is: `parameter.add(gradient, scaledBy: …)` costs those
  /// rows. A rule that changes every element whatever its gradient asks for `gradient.dense`.
  ///
  /// - Throws: ``ShapeError``, before anything is changed, if the gradients are not this module's.
  public mutating func update(with gradients: Gradients, _ body: (inout Tensor, _ gradient: Gradient) -> Void)
    throws
  {
    try update(with: gradients, byPath: { parameter, gradient, _ in body(&parameter, gradient) })
  }

  /// Calls `body` with each parameter that has a gradient and its path, as ``update(with:_:)`` does: for a rule that
  /// remembers something of each parameter.
  public mutating func update(
    with gradients: Gradients, byPath body: (inout Tensor, _ gradient: Gradient, _ path: String) -> Void
  ) throws {
    try check(gradients)
    var position = 0
    updateParameters { parameter, path in
      if let gradient = gradients.elements[position] { body(&parameter, gradient, path) }
      position += 1
    }
  }

  /// Visits the module itself: to copy it would cost as much as a step of few numbers.
  private mutating func check(_ gradients: Gradients) throws {
    var (position, pathsFit) = (0, true)
    var mismatch: ShapeError?
    updateParameters { parameter, path in
      defer { position += 1 }
      guard position < gradients.paths.count, path == gradients.paths[position] else {
        return pathsFit = false
      }
      guard let shape = gradients.elements[position]?.shape, shape != parameter.shape else { return }
      mismatch = mismatch ?? ShapeError(path, expected: "a gradient \(parameter.shape)", got: shape)
    }
    guard pathsFit, position == gradients.paths.count else {
      throw ShapeError(
        "update(with:)", expected: "gradients of \(parameters.map(\.path))",
        got: "those of \(gradients.paths)")
    }
    if let mismatch { throw mismatch }
  }
}
