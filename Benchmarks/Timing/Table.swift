import Foundation

/// A Markdown table with columns of a given width, so that it reads well on a terminal and can be printed row by row.
struct Table {
  private let widths: [Int]
  private let titles: [String]

  /// A table with a column for each title; the first one is left-aligned, the others are right-aligned.
  init(_ columns: [(title: String, width: Int)]) {
    titles = columns.map(\.title)
    widths = columns.map { max($0.width, $0.title.count) }
  }

  /// The line of titles and the one below it.
  var head: String {
    let rule = widths.enumerated().map { index, width in
      index == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return row(titles) + "\n" + row(rule)
  }

  /// A line of cells.
  func row(_ cells: [String]) -> String {
    let padded = zip(cells, widths).enumerated().map { index, cell in
      let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return index == 0 ? cell.0 + space : space + cell.0
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }

  /// Prints a line at once, even into a pipe.
  static func show(_ line: String) {
    print(line)
    fflush(nil)
  }
}

extension Double {
  /// The number with so many digits after the point.
  func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
