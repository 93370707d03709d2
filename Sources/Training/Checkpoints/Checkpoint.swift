import Foundation
import Interchange
import Layers
import Tensors

/// A training as it stood after some step: the model, the optimizer, and the place in the data.
///
/// The file is one of safetensors that holds the model's parameters and buffers under their paths, so that
/// `model.load(from:)` takes it for the model's own; beside them, under `training/`, what belongs to the training; and in
/// its metadata, as JSON, the place and the optimizer's counts. Randomness needs no more than the seed and the place.
///
///     let checkpoint = try Checkpoint(contentsOf: "run/step-000000012000.safetensors")
///     print(checkpoint.state.epoch, checkpoint.state.step)
public struct Checkpoint: Sendable {
  /// The model's parameters and buffers, by path.
  public let model: [String: Tensor]

  /// What the optimizer remembers.
  public let optimizer: OptimizerState

  /// The averages of the parameters, where there are any.
  public let average: OptimizerState

  /// The best epoch's parameters and buffers, where early stopping is to restore them.
  public let best: [String: Tensor]?

  /// The place.
  public let state: TrainingState

  /// The optimizer's kind.
  public let rule: String

  /// The metadata that describes the model, where it can be described.
  let architecture: [String: String]

  /// What the schedule has learnt.
  let schedule: [Double]

  /// The checkpoints of epochs in the same folder, this one included.
  let saved: [SavedCheckpoint]

  /// What the metadata holds as JSON.
  private struct Record: Codable {
    let state: TrainingState
    let rule: String
    let counts: [String: Int]
    let schedule: [Double]
    let saved: [SavedCheckpoint]
  }

  private static let versionKey = "checkpoint-version"
  private static let recordKey = "training"

  /// Files of later versions are refused.
  private static let version = 1

  init(
    model: [String: Tensor], optimizer: OptimizerState, average: OptimizerState, best: [String: Tensor]?,
    state: TrainingState, rule: String, architecture: [String: String], schedule: [Double],
    saved: [SavedCheckpoint]
  ) {
    self.architecture = architecture
    (self.model, self.optimizer, self.average, self.best) = (model, optimizer, average, best)
    (self.state, self.rule, self.schedule, self.saved) = (state, rule, schedule, saved)
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, is no checkpoint, or is of a later version of this library.
  public init(contentsOf path: String) throws {
    let file = try Safetensors(contentsOf: path)
    guard let version = file.metadata[Self.versionKey], let text = file.metadata[Self.recordKey] else {
      throw FileError(path: path, reason: "holds no training, only tensors")
    }
    guard version == "\(Self.version)" else {
      throw FileError(
        path: path,
        reason: "is a checkpoint of version \(version); this library reads version \(Self.version)")
    }
    let record: Record
    do {
      record = try Self.decoder.decode(Record.self, from: Data(text.utf8))
    } catch {
      throw FileError(path: path, reason: "its record of the training cannot be read")
    }
    guard record.state.isSound else {
      throw FileError(path: path, reason: "its record of the training has an impossible place")
    }
    var parts: [Part: [String: Tensor]] = [:]
    for (name, tensor) in file.tensors {
      let part = Part.allCases.first { name.hasPrefix($0.prefix) } ?? .model
      parts[part, default: [:]][String(name.dropFirst(part.prefix.count))] = tensor
    }
    self.init(
      model: parts[.model] ?? [:],
      optimizer: OptimizerState(tensors: parts[.optimizer] ?? [:], counts: record.counts),
      average: OptimizerState(tensors: parts[.average] ?? [:]), best: parts[.best], state: record.state,
      rule: record.rule,
      architecture: file.metadata.filter { $0.key != Self.versionKey && $0.key != Self.recordKey },
      schedule: record.schedule, saved: record.saved)
  }

  /// Writes the file as a whole or not at all; the same training gives the same bytes.
  ///
  /// - Throws: ``FileError`` if it cannot be written; a former file then stays.
  public func write(to path: String) throws {
    let record = Record(
      state: state, rule: rule, counts: optimizer.counts, schedule: schedule, saved: saved)
    let parts: [(Part, [String: Tensor])] = [
      (.model, model), (.optimizer, optimizer.tensors), (.average, average.tensors), (.best, best ?? [:]),
    ]
    let tensors = parts.flatMap { part, tensors in
      tensors.sorted { $0.key < $1.key }.map { (name: part.prefix + $0.key, tensor: $0.value) }
    }
    let text = String(decoding: try Self.encoder.encode(record), as: UTF8.self)
    let metadata = [Self.versionKey: "\(Self.version)", Self.recordKey: text]
    try Safetensors(
      tensors: tensors, metadata: metadata.merging(architecture) { own, _ in own }
    ).write(to: path)
  }

  /// What a tensor of the file belongs to.
  private enum Part: String, CaseIterable {
    case optimizer, average, best, model

    var prefix: String { self == .model ? "" : "\(Safetensors.trainingPrefix)\(rawValue)/" }
  }

  /// A loss may be infinite, which JSON has no number for.
  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}

/// A checkpoint of an epoch's end, and how good it is.
struct SavedCheckpoint: Sendable, Hashable, Codable {
  /// The file's name within the folder.
  let name: String

  /// Less is better.
  let value: Float
}

extension TrainingState {
  /// Whether a training can stand here; a damaged file may say anything.
  fileprivate var isSound: Bool {
    let range = 0..<1 << 48
    return [epoch, batch, step].allSatisfy(range.contains) && batchesPerStep > 0 && history.count == epoch
      && batch <= batchesPerEpoch ?? batch && epochsWithoutImprovement >= 0
  }
}
