/// A file that cannot be read or written: which one, where in it, and why.
///
/// Prints as one line a person can act on: `data.csv: line 3, column 2: "abc" is not a number`.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A place in a file.
  public enum Location: Sendable, Hashable {
    /// A line of a text file and the column in it, both counted from 1.
    case line(Int, column: Int?)

    /// An offset from the start, counted from 0.
    case byte(Int)
  }

  /// The file, as its user named it.
  public let path: String

  /// Where in the file; `nil` if it is about the whole.
  public let location: Location?

  /// What is wrong.
  public let reason: String

  /// An error in a file.
  public init(path: String, location: Location? = nil, reason: String) {
    self.path = path
    self.location = location
    self.reason = reason
  }

  /// The path, the place in the file and the reason on one line.
  public var description: String {
    let place =
      switch location {
      case nil: ""
      case .line(let line, nil): "line \(line): "
      case .line(let line, let column?): "line \(line), column \(column): "
      case .byte(let offset): "byte \(offset): "
      }
    return "\(path): \(place)\(reason)".onOneLine
  }
}

extension String {
  /// These characters with those that would break or hide a line written as in Swift: `\n` for a line feed.
  fileprivate var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// This text from a file between quotation marks, cut to what an error message can show.
  package var quotedFromFile: String {
    let shown = prefix(40)
    return "\"\(shown)\(shown.endIndex == endIndex ? "" : "…")\""
  }
}
