/// The arithmetic of one step of a recurrent layer for one example: all that tells an LSTM from a GRU.
///
/// The products with the weights, the steps, the batch and the lengths are the same for all and not a cell's affair; see
/// `RecurrentSequence.swift`.
protocol RecurrentCell: Sendable {
  /// The number of blocks of `hidden` rows in the weights.
  static var gates: Int { get }

  /// Whether the weighed input and the weighed state enter as their sum only, so that one buffer holds both.
  static var addsProducts: Bool { get }

  /// Whether the way back needs the gates.
  static var keepsGates: Bool { get }

  /// The use of a second vector beside the state.
  static var memory: CellMemory { get }

  /// Turns weighed sums into gates, in place, and writes the new state and what memory there is.
  func forward(_ step: CellStep)

  /// Writes the error terms of the weighed sums, and adds to the error term of the previous state what reaches it other
  /// than through the weights.
  func backward(_ step: CellStepBack)
}

/// What a cell does with a second vector of `hidden` elements.
enum CellMemory {
  /// There is none.
  case none
  /// A step leaves something for its own way back.
  case kept
  /// It is a state that a step takes from the one before: an LSTM's cell state.
  case carried
}

/// One example's vectors in one step forward, from the first of some neurons on: all of a layer's, or a thread's share.
struct CellStep {
  /// How many neurons.
  let count: Int
  /// From one gate of a neuron to the next.
  let hidden: Int
  /// The weighed input with its bias, and the weighed state too where a cell adds them; the gates afterwards.
  let gates: UnsafeMutablePointer<Float>
  /// The weighed state with its bias; the same memory as `gates` where a cell adds them.
  let recurrent: UnsafePointer<Float>
  let previousState: UnsafePointer<Float>
  let state: UnsafeMutablePointer<Float>
  let previousMemory: UnsafePointer<Float>
  let memory: UnsafeMutablePointer<Float>

  /// The gates of one kind.
  func gate(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: gates + index * hidden, count: count)
  }

  /// The new state.
  var stateElements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: state, count: count)
  }
}

/// One example's vectors in one step back, of `hidden` elements or `gates` times as many.
struct CellStepBack {
  let hidden: Int
  /// As the step forward left them, if they are kept.
  let gates: UnsafePointer<Float>
  let previousState: UnsafePointer<Float>
  let state: UnsafePointer<Float>
  let previousMemory: UnsafePointer<Float>
  let memory: UnsafePointer<Float>
  /// The error term of the new state.
  let error: UnsafePointer<Float>
  /// The error term of the previous state, to be added to.
  let previousError: UnsafeMutablePointer<Float>
  /// Where memory is carried, the error term of the new one, to be replaced by that of the previous one.
  let memoryError: UnsafeMutablePointer<Float>
  /// The error terms of the weighed input, to be written.
  let deltas: UnsafeMutablePointer<Float>
  /// Those of the weighed state, to be written; the same memory as `deltas` where a cell adds the two.
  let recurrentDeltas: UnsafeMutablePointer<Float>
}
