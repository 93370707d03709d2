/// The factor falls whenever the loss has not improved for some epochs. PyTorch's `ReduceLROnPlateau` in its mode `min`.
///
/// The loss is the validation's, or the training's where there is none, after each epoch.
public struct ReduceOnPlateau: Schedule {
  private let reduction: Float
  private let patience, cooldown: Int
  private let threshold, least: Float

  private var current: Float = 1
  private var best = Float.infinity
  private var epochsWithout = 0
  private var cooling = 0

  /// - Parameters:
  ///   - reduction: what the factor is multiplied by.
  ///   - patience: the epochs without improvement that are borne before that.
  ///   - threshold: an improvement is a loss below (1 − threshold) of the best.
  ///   - cooldown: the epochs after a reduction that are not counted.
  ///   - least: below this the factor does not go.
  public init(
    reduction: Float = 0.1, patience: Int = 10, threshold: Float = 1e-4, cooldown: Int = 0, least: Float = 0
  ) {
    (self.reduction, self.patience, self.threshold) = (reduction, patience, threshold)
    (self.cooldown, self.least) = (cooldown, least)
  }

  public func factor(at step: Int, of total: Int) -> Float { current }

  public mutating func observe(_ loss: Float) {
    if loss < best * (1 - threshold) {
      (best, epochsWithout) = (loss, 0)
    } else {
      epochsWithout += 1
    }
    if cooling > 0 { (cooling, epochsWithout) = (cooling - 1, 0) }
    if epochsWithout > patience {
      current = max(current * reduction, least)
      (cooling, epochsWithout) = (cooldown, 0)
    }
  }

  public var state: [Double] { [Double(current), Double(best), Double(epochsWithout), Double(cooling)] }

  public mutating func restore(_ state: [Double]) throws {
    guard state.count == 4, let without = Int(exactly: state[2]), let cooling = Int(exactly: state[3]) else {
      throw StateError("ReduceOnPlateau has 4 numbers of state, not \(state)")
    }
    (current, best, epochsWithout, self.cooling) = (Float(state[0]), Float(state[1]), without, cooling)
  }
}
