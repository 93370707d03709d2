import Interchange
import Tensors

/// A table whose columns have names and types: numbers or words, either of which may be missing.
///
///     let table = try CSV.table("abalone.csv")
///     let inputs = try table.tensor(of: ["sex", "length", "height"])
///     let examples = try Examples(inputs: inputs, targets: .values(table.tensor(of: ["rings"])))
public struct DataTable: Sendable, Equatable {
  /// The values of a column.
  public enum Column: Sendable, Equatable {
    /// Finite numbers; `nil` where one is missing.
    case numbers([Float?])
    /// Words; `nil` where one is missing.
    case words([String?])
  }

  /// The columns' names in their order; without a header "1", "2", ….
  public let names: [String]

  /// The columns in their order.
  public let columns: [Column]

  /// The number of rows.
  public let rowCount: Int

  /// What the table came from, for errors.
  private let path: String

  init(names: [String], rows: [[CSVField]], path: String) throws {
    guard Set(names).count == names.count else {
      throw FileError(path: path, location: .line(1, column: nil), reason: "names two columns alike")
    }
    self.names = names
    (rowCount, self.path) = (rows.count, path)
    columns = names.indices.map { column in
      let words = rows.map(\.[column].word)
      let numbers = rows.map { $0[column].number }
      let isNumeric = zip(words, numbers).allSatisfy { $0 == nil || $1 != nil }
      return isNumeric ? .numbers(zip(words, numbers).map { $0 == nil ? nil : $1 }) : .words(words)
    }
  }

  /// The column of that name.
  public subscript(name: String) -> Column? { names.firstIndex(of: name).map { columns[$0] } }

  /// The categories of a column of words, in the order of their characters.
  public func categories(of name: String) throws -> [String] {
    guard case .words(let words) = try column(name) else {
      throw FileError(path: path, reason: "the column \(name.quotedFromFile) holds numbers")
    }
    return Set(words.compactMap(\.self)).sorted()
  }

  /// Columns as numbers, `[rows, …]`: one for a column of numbers, one for each category of a column of words, which is 1 in
  /// the rows of that category and 0 in all others.
  ///
  /// - Parameter missing: what stands for a missing number; a missing word is of no category. Where `nil`, a missing number is
  ///   an error.
  /// - Throws: ``FileError`` if there is no such column, or a number is missing.
  public func tensor(of names: [String], missing: Float? = nil) throws -> Tensor {
    var parts: [(Int) -> Float] = []
    for name in names {
      switch try column(name) {
      case .numbers(let numbers):
        if missing == nil, let row = numbers.firstIndex(of: nil) {
          throw FileError(path: path, reason: "row \(row + 1) has no \(name.quotedFromFile)")
        }
        parts.append { numbers[$0] ?? missing ?? 0 }
      case .words(let words):
        for category in try categories(of: name) { parts.append { words[$0] == category ? 1 : 0 } }
      }
    }
    let (columns, width) = (parts, parts.count)
    return Tensor(shape: [rowCount, width]) { elements in
      for index in elements.indices { elements[index] = columns[index % width](index / width) }
    }
  }

  /// A column of words as labels, numbered as ``categories(of:)`` has them.
  ///
  /// - Throws: ``FileError`` if there is no such column of words, or a word is missing.
  public func labels(of name: String) throws -> Targets {
    let categories = try categories(of: name)
    let numbers = Dictionary(uniqueKeysWithValues: zip(categories, 0...))
    guard case .words(let words) = try column(name) else { return .labels([], classes: 0) }
    let labels = try words.enumerated().map { row, word in
      guard let label = word.flatMap({ numbers[$0] }) else {
        throw FileError(path: path, reason: "row \(row + 1) has no \(name.quotedFromFile)")
      }
      return label
    }
    return .labels(labels, classes: categories.count)
  }

  private func column(_ name: String) throws -> Column {
    guard let column = self[name] else {
      throw FileError(
        path: path, reason: "has no column \(name.quotedFromFile); it has \(names.joined(separator: ", "))")
    }
    return column
  }
}

extension CSV {
  /// Reads a table of columns that may be numbers or words, with missing values.
  ///
  /// A column is of numbers if all its values that are not missing are finite numbers. Missing is an empty field, `?`, `NA`,
  /// `N/A`, `null` or `NaN`, in letters of either case.
  ///
  /// - Parameter hasHeader: whether the first line names the columns, which otherwise are "1", "2", ….
  /// - Throws: ``FileError`` as ``read(_:separator:hasHeader:)`` does, but not for what is no number.
  public static func table(_ path: String, separator: Separator = .comma, hasHeader: Bool = true) throws
    -> DataTable
  {
    let (header, rows) = try parseFields(
      GzipFile.contents(of: path), path: path, separator: separator, hasHeader: hasHeader)
    let names = header ?? (1...max(1, rows[0].count)).map(String.init)
    return try DataTable(names: names, rows: rows, path: path)
  }
}
