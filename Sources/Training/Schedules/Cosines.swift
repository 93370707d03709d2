import Foundation

/// Half a cosine from 1 at `share` 0 to `end` at 1.
private func halfCosine(_ share: Double, from start: Double = 1, to end: Double) -> Float {
  Float(end + (start - end) * (1 + cos(.pi * share)) / 2)
}

/// The factor falls along half a cosine: slowly, fast, slowly. PyTorch's `CosineAnnealingLR`.
///
/// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, equation 5.
public struct CosineDecay: Schedule {
  /// The factor at the end.
  public let end: Float

  /// The steps of the fall; `nil` for all there are. After them the factor stays.
  public let steps: Int?

  /// The curve from 1 to `end`.
  public init(to end: Float = 0, over steps: Int? = nil) {
    self.end = end
    self.steps = steps
  }

  public func factor(at step: Int, of total: Int) -> Float {
    let steps = max(1, steps ?? total)
    return halfCosine(Double(min(step, steps)) / Double(steps), to: Double(end))
  }
}

/// The factor falls along half a cosine and jumps back to 1, each time after a longer while. PyTorch's
/// `CosineAnnealingWarmRestarts`, whose T₀ is `first` and T_mult `growth`.
///
/// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.
public struct CosineRestarts: Schedule {
  private let first, growth: Int
  private let end: Float

  /// A fall over `first` steps, the next over `growth` times as many, and so on; both at least 1.
  public init(first: Int, growth: Int = 1, to end: Float = 0) {
    self.first = max(1, first)
    self.growth = max(1, growth)
    self.end = end
  }

  public func factor(at step: Int, of total: Int) -> Float {
    var (length, place) = (first, step)
    if growth == 1 {
      place = step % length
    } else {
      while place >= length {
        place -= length
        let (longer, overflows) = length.multipliedReportingOverflow(by: growth)
        length = overflows ? .max : longer
      }
    }
    return halfCosine(Double(place) / Double(length), to: Double(end))
  }
}

/// One rise and one long fall: the factor climbs from 1/`startDivisor` to 1 over the first `risingShare` of the steps, and
/// falls to 1/(`startDivisor` · `endDivisor`) at the last; both along half a cosine.
///
/// The optimizer's rate is the highest. PyTorch's `OneCycleLR` with its two phases. Source: Smith and Topin,
/// "Super-convergence: very fast training of neural networks using large learning rates", 2018.
public struct OneCycle: Schedule {
  private let risingShare, startDivisor, endDivisor: Double

  /// The cycle with PyTorch's usual shape.
  public init(risingShare: Float = 0.3, startDivisor: Float = 25, endDivisor: Float = 1e4) {
    self.risingShare = Double(risingShare)
    self.startDivisor = Double(startDivisor)
    self.endDivisor = Double(endDivisor)
  }

  public func factor(at step: Int, of total: Int) -> Float {
    let (start, end) = (1 / startDivisor, 1 / (startDivisor * endDivisor))
    let last = Double(total) - 1
    let top = risingShare * Double(total) - 1
    let place = min(Double(step), last)
    if place <= top { return halfCosine(top > 0 ? place / top : 1, from: start, to: 1) }
    return halfCosine((place - top) / max(last - top, 1), to: end)
  }
}
