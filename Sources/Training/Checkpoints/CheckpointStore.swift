import Foundation
import Interchange

/// The folder of a training's checkpoints.
struct CheckpointStore {
  private let settings: Checkpoints
  private var saved: [SavedCheckpoint] = []
  private var lastWritten = ContinuousClock.now

  /// Makes the folder, if it is missing, and clears away what a training that was killed left half-written.
  ///
  /// - Throws: ``FileError`` if there can be no folder, or nothing can be written to it.
  init(_ settings: Checkpoints) throws {
    self.settings = settings
    do {
      try FileManager.default.createDirectory(atPath: settings.folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: settings.folder, reason: "there can be no folder for checkpoints here")
    }
    try AtomicFile.checkWritable(path(of: Self.name(step: 0)))
    for name in names where name.hasPrefix(AtomicFile.temporaryPrefix) { remove(name) }
  }

  private func path(of name: String) -> String { (settings.folder as NSString).appendingPathComponent(name) }

  private func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(of: name)) }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: settings.folder)) ?? []).sorted()
  }

  private static let prefix = "step-"
  private static let suffix = ".safetensors"

  /// Names in the order of the steps.
  private static func name(step: Int) -> String {
    let digits = String(step)
    return prefix + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + suffix
  }

  private var checkpointNames: [String] {
    names.filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }
  }

  /// The newest checkpoint, if a training is to go on from it.
  ///
  /// - Throws: ``FileError`` if it cannot be read, or there is one and the training is not to go on from it.
  mutating func latest(resumes: Bool) throws -> (Checkpoint, path: String)? {
    guard let name = checkpointNames.last else { return nil }
    guard resumes else {
      throw FileError(
        path: settings.folder, reason: "holds checkpoints of a training; resume it, or choose another folder")
    }
    let checkpoint = try Checkpoint(contentsOf: path(of: name))
    saved = checkpoint.saved
    return (checkpoint, path(of: name))
  }

  /// Whether a checkpoint is to be written now, after a step.
  func isDue(after state: TrainingState) -> Bool {
    switch settings.interval {
    case .epochs: false
    case .steps(let steps): state.step % max(1, steps) == 0
    case .minutes(let minutes): lastWritten.duration(to: .now) / .seconds(60) >= minutes
    }
  }

  /// Writes a checkpoint and removes those that are not to stay; its path.
  ///
  /// - Parameters:
  ///   - step: the steps taken.
  ///   - value: how good it is, less being better, if it is an epoch's.
  ///   - checkpoint: the checkpoint, given what is to be noted of those saved.
  mutating func write(
    step: Int, value: Float?, _ checkpoint: ([SavedCheckpoint]) -> Checkpoint
  ) throws -> String {
    let name = Self.name(step: step)
    var known = saved.filter { $0.name != name }
    if let value { known.append(SavedCheckpoint(name: name, value: value)) }
    known.sort { ($0.value, $0.name) < ($1.value, $1.name) }
    known = Array(known.prefix(settings.keepsBest))
    try checkpoint(known).write(to: path(of: name))
    saved = known
    lastWritten = .now
    let kept = Set(saved.map(\.name) + [name])
    for old in checkpointNames where !kept.contains(old) { remove(old) }
    return path(of: name)
  }
}
