import Operations
import Tensors

extension Extent {
  /// As the call of a layer of so many axes has it.
  func text(_ axes: Int) -> String { axes == 1 ? "\(width)" : description }

  /// The extent along one axis, that of a sequence.
  init(length: Int) { self.init(height: 1, width: length) }
}

extension Padding {
  /// As the call of a layer of so many axes has it.
  func text(_ axes: Int) -> String {
    guard case .margins(let margins) = self, axes == 1 else { return description }
    return margins.left == margins.right
      ? "\(margins.left)" : "(before: \(margins.left), after: \(margins.right))"
  }
}
