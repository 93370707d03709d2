import Foundation
import Interchange
import Tensors

extension CSV {
  /// Writes a table that ``read(_:separator:hasHeader:)`` reads back bit for bit.
  ///
  /// NaN and infinities, which that refuses, are written as `nan`, `inf` and `-inf`. A header of numbers is known
  /// as one only to a reader told so.
  ///
  /// - Parameters:
  ///   - values: `[rows, columns]`, or `[rows]` for one column.
  ///   - header: a name for each column.
  ///   - separator: what stands between two columns.
  ///   - path: the file.
  /// - Throws: ``ShapeError`` if `values` has another shape or the header another number of columns; ``FileError`` if
  ///   the file cannot be written, and a former file then stays.
  public static func write(
    _ values: Tensor, header: [String]? = nil, separator: Separator = .comma, to path: String
  ) throws {
    try AtomicFile.write(Data(text(values, header: header, separator: separator).utf8), to: path)
  }

  /// The text of a table, as ``write(_:header:separator:to:)`` writes it.
  ///
  /// - Throws: ``ShapeError`` as that does.
  public static func text(
    _ values: Tensor, header: [String]? = nil, separator: Separator = .comma
  ) throws -> String {
    guard 1...2 ~= values.shape.rank else {
      throw ShapeError("CSV.write", expected: "[rows, columns]", got: values.shape)
    }
    let columns = values.shape.rank == 1 ? 1 : values.shape[1]
    guard header?.count ?? columns == columns else {
      throw ShapeError(
        "CSV.write", expected: "a name for each of \(columns) columns", got: header?.count ?? 0)
    }
    var text: [UInt8] = []
    if let header {
      for (column, name) in header.enumerated() {
        text.append(contentsOf: name.asField(separator: separator).utf8)
        text.append(column == columns - 1 ? UInt8(ascii: "\n") : separator.rawValue)
      }
    }
    values.withUnsafeElements { elements in
      for (index, element) in elements.enumerated() {
        text.append(contentsOf: element.asField.utf8)
        text.append(index % columns == columns - 1 ? UInt8(ascii: "\n") : separator.rawValue)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Float {
  /// The shortest text that is read back as this number.
  fileprivate var asField: String {
    let isShortWhole = abs(self) < 1e7 && self == rounded(.towardZero) && !(self == 0 && sign == .minus)
    return isShortWhole ? String(Int(self)) : description
  }
}

extension String {
  /// This text in quotation marks where the field would not end with it.
  fileprivate func asField(separator: CSV.Separator) -> String {
    let needsQuotes = utf8.contains { $0 == separator.rawValue || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + replacingOccurrences(of: "\"", with: "\"\"") + "\"" : self
  }
}
