import Layers
import Tensors

/// Training that cannot go on.
public enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The loss, or after an epoch a parameter, became NaN or infinite. `layer` is the path of the first layer whose output
  /// was, or of the first parameter; `nil` where neither is.
  case diverged(loss: Float, epoch: Int, batch: Int, layer: String?)

  /// A finite loss has a gradient with a NaN or an infinity: at `path`, and at none nearer to the loss.
  case gradientNotFinite(path: String, epoch: Int, batch: Int)

  public var description: String {
    switch self {
    case .diverged(let loss, let epoch, let batch, let layer):
      "the loss became \(loss) in epoch \(epoch), batch \(batch)"
        + (layer.map { ", from \"\($0)\" on" } ?? "") + ": try a smaller learning rate"
    case .gradientNotFinite(let path, let epoch, let batch):
      "the gradient of \"\(path)\" is not finite in epoch \(epoch), batch \(batch): try a smaller learning rate, or clipping"
    }
  }
}

extension Trainer {
  /// The first layer, on the way to the loss, whose output has a NaN or an infinity; or else the first such parameter.
  func layerThatIsNotFinite<Model: Module, Batch>(
    _ model: Model, _ batch: Batch, _ objective: Objective<Model, Batch>, seed: UInt64
  ) -> String? {
    do {
      _ = try objective.loss(model, batch, Pass(.training, seed: seed, stopsWhereNotFinite: true))
    } catch let error as NotFiniteError {
      return error.layer
    } catch {}
    return model.notFinitePath
  }

  /// The last step of an epoch may have spoilt what no later loss would show.
  func checkFinite(_ model: some Module, loss: Float, _ state: TrainingState) throws {
    let path = model.notFinitePath
    guard !loss.isFinite || path != nil else { return }
    throw TrainingError.diverged(loss: loss, epoch: state.epoch + 1, batch: state.batch, layer: path)
  }
}

extension Module {
  /// The first parameter with a NaN or an infinity.
  fileprivate var notFinitePath: String? { parameters.first { !$0.value.isFinite }?.path }
}

extension Gradients {
  /// The parameter nearest to the loss whose gradient has a NaN or an infinity: backpropagation comes to it first.
  var notFinitePath: String? {
    elements.lastIndex { $0?.isFinite == false }.map { paths[$0] }
  }
}
