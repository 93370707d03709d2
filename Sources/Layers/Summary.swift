import Foundation
import Tensors

extension Sequential {
  /// A table of the layers, their outputs' shapes and their parameters, as Keras prints it.
  public var summary: String {
    let widths = (27, 24, 10)
    func row(_ layer: String, _ shape: String, _ parameters: String) -> String {
      func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
      }
      return " " + padded(layer, widths.0) + padded(shape, widths.1) + parameters + "\n"
    }
    let width = widths.0 + widths.1 + widths.2
    let line = String(repeating: "_", count: width) + "\n"
    let doubleLine = String(repeating: "=", count: width) + "\n"

    var text = "Model: Sequential\n" + line + row("Layer (type)", "Output Shape", "Param #") + doubleLine
    var shape = input
    for element in elements {
      shape = shape.flatMap { try? element.layer.outputShape(for: $0) }
      let sizes = shape.map { (["None"] + $0.array.map(String.init)).joined(separator: ", ") }
      text += row(
        "\(element.name) (\(type(of: element.layer)))", sizes.map { "(\($0))" } ?? "?",
        "\(element.layer.parameterCount)")
    }
    let count = parameterCount
    let bytes = Double(count * MemoryLayout<Float>.stride)
    let size =
      bytes < 1_048_576
      ? String(format: "%.2f KB", bytes / 1024) : String(format: "%.2f MB", bytes / 1_048_576)
    return text + doubleLine + "Total params: \(count) (\(size))\n" + line
  }
}
