import Foundation

/// Shows a training as it goes: a line on standard error that renews itself if that is a terminal, and a line for each
/// epoch on standard output.
///
///     var progress = TerminalProgress()
///     try trainer.fit(&model, to: training, epochs: 5) { try progress.show($0) }
///
/// The line keeps to the terminal's width. The environment variable `NO_COLOR`, if not empty, takes its colour away, and
/// where standard error is a file or a pipe there is no such line at all.
public struct TerminalProgress: Sendable {
  private let isTerminal: Bool
  private let isColored: Bool
  private let shown = FileHandle.standardError
  private var epochStart = ContinuousClock.now
  private var firstBatch = 0
  private var epoch = 0
  private var lastShown: ContinuousClock.Instant?

  /// Progress of a training that begins now.
  public init() {
    isTerminal = isatty(STDERR_FILENO) == 1
    let environment = ProcessInfo.processInfo.environment
    isColored = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }

  /// Shows what has happened.
  ///
  /// - Throws: what writing to standard output throws, such as a full disk; a terminal that is gone is no error.
  public mutating func show(_ event: TrainingEvent) throws {
    switch event {
    case .batch(let report): if isTerminal { show(report) }
    case .epoch(let report):
      clear()
      try FileHandle.standardOutput.write(contentsOf: Data((ProgressLine(width: 0).text(report) + "\n").utf8))
    case .checkpoint: break
    }
  }

  /// Takes the line away, as at the end or before something else is printed.
  public mutating func clear() {
    if isTerminal, lastShown != nil { try? shown.write(contentsOf: Data("\r\u{1B}[K".utf8)) }
    lastShown = nil
  }

  /// At most ten times a second: writing to a terminal takes longer than a small step.
  private mutating func show(_ report: BatchReport) {
    let now = ContinuousClock.now
    if report.epoch != epoch { (epoch, epochStart, firstBatch) = (report.epoch, now, report.batch) }
    if let lastShown, lastShown.duration(to: now) < .milliseconds(100) { return }
    lastShown = now
    let line = ProgressLine(width: Self.width - 1, isColored: isColored)
    let text = line.text(report, secondsLeft: secondsLeft(report, at: now))
    try? shown.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
  }

  private func secondsLeft(_ report: BatchReport, at now: ContinuousClock.Instant) -> Double? {
    guard let batches = report.batches, report.batch > firstBatch else { return nil }
    let perBatch = epochStart.duration(to: now) / .seconds(1) / Double(report.batch - firstBatch)
    return perBatch * Double((report.epochs - report.epoch + 1) * batches - report.batch)
  }

  /// Of standard error's terminal at this moment; 80 where it does not say.
  private static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 80
    }
    return Int(size.ws_col)
  }
}
