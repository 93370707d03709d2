import Interchange
import Tensors

/// The reading and writing of numbers as text: a row a line, the columns separated by commas.
///
/// Fields may stand in quotation marks as RFC 4180 has them. Lines end with a line feed, a carriage return or both;
/// empty lines at the end and a byte order mark are passed over. Files compressed by gzip are read too.
public enum CSV {
  /// What stands between two columns.
  public enum Separator: UInt8, Sendable, CaseIterable {
    /// `,`
    case comma = 0x2C
    /// `;`
    case semicolon = 0x3B
    /// A tabulator.
    case tab = 0x09
  }

  /// What a file held.
  public struct Table: Sendable, Equatable {
    /// The names of the columns, if the first line gives them.
    public let header: [String]?

    /// The numbers: `[rows, columns]`.
    public let values: Tensor

    /// The line of the first row; each row is one line.
    let firstLine: Int
  }

  /// What the last column holds.
  public enum Target: Sendable {
    /// A class label, one of `0..<classes`; where `nil`, of as many classes as the largest label needs.
    case label(classes: Int? = nil)

    /// A number to be predicted.
    case value
  }

  /// Reads a table of finite numbers.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - separator: what stands between two columns.
  ///   - hasHeader: whether the first line names the columns. Where `nil`, it does if none of its fields is a number
  ///     and one of them could not be meant as one; a first line of both kinds is an error.
  /// - Returns: at least one row of at least one column.
  /// - Throws: ``FileError`` with line and column if the file cannot be read, is empty, a row has another number of
  ///   columns than the first, or a field is not a finite number.
  public static func read(
    _ path: String, separator: Separator = .comma, hasHeader: Bool? = nil
  ) throws -> Table {
    try parse(GzipFile.contents(of: path), path: path, separator: separator, hasHeader: hasHeader)
  }

  /// Reads examples whose last column is the target and whose other columns are the input.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - target: what the last column holds.
  ///   - separator: what stands between two columns.
  ///   - hasHeader: as ``read(_:separator:hasHeader:)`` has it.
  /// - Returns: inputs `[rows, columns - 1]` with labels or with values `[rows, 1]`.
  /// - Throws: ``FileError`` as ``read(_:separator:hasHeader:)`` does, if there is only one column, and for a label
  ///   that is not of a class.
  public static func examples(
    _ path: String, target: Target, separator: Separator = .comma, hasHeader: Bool? = nil
  ) throws -> Examples {
    let table = try read(path, separator: separator, hasHeader: hasHeader)
    let (rows, columns) = (table.values.shape[0], table.values.shape[1])
    guard columns > 1 else {
      throw FileError(
        path: path, reason: "has one column; expected inputs and, in the last column, the target")
    }
    let (inputs, last) = table.values.splittingLastColumn()
    guard case .label(let limit) = target else {
      return try Examples(inputs: inputs, targets: .values(Tensor(last, shape: [rows, 1])))
    }
    let labels = try last.enumerated().map { row, value in
      guard let label = Int(exactly: value), label >= 0, label < limit ?? Targets.mostClasses else {
        throw FileError(
          path: path, location: .line(table.firstLine + row, column: columns),
          reason: "\(value) is not a class label\(limit.map { " of 0..<\($0)" } ?? ", a whole number from 0")"
        )
      }
      return label
    }
    return try Examples(inputs: inputs, targets: .labels(labels, classes: limit ?? (labels.max() ?? 0) + 1))
  }
}

extension Tensor {
  /// All columns of a matrix but the last, and the last.
  fileprivate func splittingLastColumn() -> (others: Tensor, last: [Float]) {
    let (rows, columns) = (shape[0], shape[1])
    return withUnsafeElements { source in
      let others = Tensor(shape: [rows, columns - 1]) { elements in
        for row in 0..<rows {
          let target = elements[row * (columns - 1)..<(row + 1) * (columns - 1)]
          _ = UnsafeMutableBufferPointer(rebasing: target)
            .initialize(from: source[row * columns..<(row + 1) * columns - 1])
        }
      }
      return (others, (1...rows).map { source[$0 * columns - 1] })
    }
  }
}
