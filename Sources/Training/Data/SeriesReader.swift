import Interchange
import Tensors

/// Series of numbers, of any lengths, each with its class.
public struct LabelledSeries: Sendable, Equatable {
  /// A series each: `[steps, channels]`.
  public let series: [Tensor]

  /// The class of each, one of `0..<classes.count`.
  public let labels: [Int]

  /// The classes' names.
  public let classes: [String]

  /// The number of channels of every series.
  public let channels: Int

  /// Series with their classes.
  ///
  /// - Throws: ``ShapeError`` if a series is not `[steps, channels]` with the channels of the first; ``DataError`` if there are
  ///   not as many labels as series, or a label is not of a class.
  public init(_ series: [Tensor], labels: [Int], classes: [String]) throws {
    guard series.count == labels.count else {
      throw DataError.countMismatch(inputs: series.count, targets: labels.count)
    }
    if let place = labels.firstIndex(where: { !classes.indices.contains($0) }) {
      throw DataError.labelOutOfRange(labels[place], example: place, classes: classes.count)
    }
    channels = series.first?.shape.array.last ?? 0
    for shape in series.map(\.shape) where shape.rank != 2 || shape[1] != channels {
      throw ShapeError("LabelledSeries", expected: "series [steps, \(channels)]", got: shape)
    }
    (self.series, self.labels, self.classes) = (series, labels, classes)
  }

  /// All series as one tensor, padded with zeros at their ends to the longest.
  public var padded: PaddedSequences { PaddedSequences(series, step: [channels], filling: 0) }
}

/// The reading of time series in the `.ts` format of the UEA and UCR archives.
///
///     @problemName Example
///     @dimensions 2
///     @classLabel true up down
///     @data
///     1.0,2.0,3.0:0.5,0.25,0.125:up
///
/// A line is a case: its channels between colons, its numbers between commas, its class at the end. Lines that begin with
/// `#` are comments. Missing values (`?`) and time stamps are refused.
public enum TimeSeries {
  /// Reads a file of one series a line.
  ///
  /// - Throws: ``FileError`` with the line if the file cannot be read, a case has another number of channels than the
  ///   first, channels of different lengths, a class that the header does not name, or a field that is not a finite number.
  ///   Files compressed by gzip are read too.
  public static func read(_ path: String) throws -> LabelledSeries {
    let bytes = try GzipFile.contents(of: path)
    var reader = SeriesReader(path: path)
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      try reader.read(line.last == UInt8(ascii: "\r") ? line.dropLast() : line, number: index + 1)
    }
    return try reader.result()
  }
}

/// What is read so far.
private struct SeriesReader {
  let path: String
  private var classes: [String] = []
  private var positions: [String: Int] = [:]
  private var isInData = false
  private var series: [Tensor] = []
  private var labels: [Int] = []
  private var channels = 0

  init(path: String) { self.path = path }

  private func error(_ line: Int, _ reason: String) -> FileError {
    FileError(path: path, location: .line(line, column: nil), reason: reason)
  }

  mutating func read(_ line: ArraySlice<UInt8>, number: Int) throws {
    let start = line.firstIndex { !$0.isBlank } ?? line.endIndex
    let line = line[start...]
    guard let first = line.first, first != UInt8(ascii: "#") else { return }
    if isInData { return try readCase(line, number: number) }
    guard first == UInt8(ascii: "@") else {
      throw error(number, "expected a line that begins with @ before @data")
    }
    let words = line.split(whereSeparator: \.isBlank).map { String(decoding: $0, as: UTF8.self) }
    switch words[0].lowercased() {
    case "@data":
      guard !classes.isEmpty else { throw error(number, "the header names no classes by @classLabel true …") }
      isInData = true
    case "@classlabel":
      classes = words.count > 2 && words[1].lowercased() == "true" ? Array(words.dropFirst(2)) : []
      for (position, name) in classes.enumerated() { positions[name] = position }
      guard positions.count == classes.count else { throw error(number, "names a class twice") }
    case "@timestamps":
      guard words.count < 2 || words[1].lowercased() == "false" else {
        throw error(number, "series with time stamps cannot be read")
      }
    default: break
    }
  }

  private mutating func readCase(_ line: ArraySlice<UInt8>, number: Int) throws {
    let parts = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let name = String(decoding: parts[parts.count - 1].filter { !$0.isBlank }, as: UTF8.self)
    guard parts.count > 1, let label = positions[name] else {
      throw error(number, "ends with \(name.quotedFromFile), which is not a class of the header")
    }
    guard channels == 0 || parts.count - 1 == channels else {
      throw error(number, "has \(parts.count - 1) channels where the first case has \(channels)")
    }
    channels = parts.count - 1
    let values = try parts.dropLast().map { try numbers($0, line: number) }
    let steps = values[0].count
    guard values.allSatisfy({ $0.count == steps }) else {
      throw error(number, "has channels of different lengths")
    }
    let channels = channels
    series.append(
      Tensor(shape: [steps, channels]) { elements in
        for (channel, values) in values.enumerated() {
          for (step, value) in values.enumerated() { elements[step * channels + channel] = value }
        }
      })
    labels.append(label)
  }

  private func numbers(_ text: ArraySlice<UInt8>, line: Int) throws -> [Float] {
    try text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { field in
      guard let value = CSVField(text: Array(field)).number else {
        throw error(line, "\(String(decoding: field, as: UTF8.self).quotedFromFile) is not a finite number")
      }
      return value
    }
  }

  func result() throws -> LabelledSeries {
    guard !series.isEmpty else { throw FileError(path: path, reason: "holds no series after @data") }
    return try LabelledSeries(series, labels: labels, classes: classes)
  }
}
