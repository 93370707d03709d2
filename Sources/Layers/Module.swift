import Tensors

/// Anything that holds parameters: a layer, a model of layers, a pair of networks.
///
/// A module is a value. Copying one is O(1) in its parameters' memory, so that `let served = model` is a snapshot that
/// answers from any number of tasks while `model` is trained on.
public protocol Module: Sendable {
  /// Shows the visitor each parameter and each module within, under its name, always in the same order.
  ///
  ///     mutating func visit(_ visitor: inout ModuleVisitor) {
  ///       visitor.visit(&weight, named: "weight")
  ///       visitor.visit(&bias, named: "bias")
  ///     }
  ///
  /// The names make up the paths under which parameters are saved; they follow PyTorch's.
  mutating func visit(_ visitor: inout ModuleVisitor)
}

/// Walks the parameters and buffers of a module, in the order and under the names that ``Module/visit(_:)`` gives.
public struct ModuleVisitor {
  private var prefix = ""
  private let parameter: (inout Tensor, _ path: String) -> Void
  private let buffer: (inout Buffer, _ path: String) -> Void

  init(
    parameter: @escaping (inout Tensor, _ path: String) -> Void = { _, _ in },
    buffer: @escaping (inout Buffer, _ path: String) -> Void = { _, _ in }
  ) {
    self.parameter = parameter
    self.buffer = buffer
  }

  /// A parameter of the module at hand.
  public mutating func visit(_ parameter: inout Tensor, named name: String) {
    self.parameter(&parameter, prefix + name)
  }

  /// A parameter that the module at hand may go without.
  public mutating func visit(_ parameter: inout Tensor?, named name: String) {
    guard var present = parameter.take() else { return }
    self.parameter(&present, prefix + name)
    parameter = present
  }

  /// A buffer of the module at hand.
  public mutating func visit(_ buffer: inout Buffer, named name: String) {
    self.buffer(&buffer, prefix + name)
  }

  /// A buffer that the module at hand may go without.
  public mutating func visit(_ buffer: inout Buffer?, named name: String) {
    guard var present = buffer.take() else { return }
    self.buffer(&present, prefix + name)
    buffer = present
  }

  /// A module within the module at hand.
  public mutating func visit<Inner: Module>(_ module: inout Inner, named name: String) {
    let outer = prefix
    prefix += name + "."
    module.visit(&self)
    prefix = outer
  }
}

extension Module {
  /// Calls `body` with each parameter and its path, in the order of visiting; `body` may change the parameter.
  public mutating func updateParameters(_ body: (inout Tensor, _ path: String) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ModuleVisitor(parameter: body)
      visit(&visitor)
    }
  }

  /// Calls `body` with each buffer and its path, in the order of visiting; `body` may replace the buffer.
  public mutating func updateBuffers(_ body: (inout Buffer, _ path: String) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ModuleVisitor(buffer: body)
      visit(&visitor)
    }
  }

  /// The parameters and their paths, in the order of visiting.
  public var parameters: [(path: String, value: Tensor)] {
    var copy = self
    var parameters: [(path: String, value: Tensor)] = []
    copy.updateParameters { parameters.append(($1, $0)) }
    return parameters
  }

  /// The buffers and their paths, in the order of visiting.
  public var buffers: [(path: String, value: Tensor)] {
    var copy = self
    var buffers: [(path: String, value: Tensor)] = []
    copy.updateBuffers { buffers.append(($1, $0.value)) }
    return buffers
  }

  /// All that a module has learnt, by path: its parameters, and then its buffers.
  public var state: [(path: String, value: Tensor)] { parameters + buffers }

  /// The number of elements of all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }
}
