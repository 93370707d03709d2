import LinearAlgebra

/// Some neurons of a recurrent layer: all of them, or a thread's share.
struct NeuronRange {
  let range: Range<Int>
  let hidden: Int
  let gates: Int

  /// All neurons.
  init(hidden: Int, gates: Int) {
    (range, self.hidden, self.gates) = (0..<hidden, hidden, gates)
  }

  private init(_ range: Range<Int>, of whole: NeuronRange) {
    (self.range, hidden, gates) = (range, whole.hidden, whole.gates)
  }

  /// Calls `body` with where their gates lie among those of all: a block for each gate, or one for the whole.
  @inline(__always)
  func forEachBlock(_ body: (Range<Int>) -> Void) {
    if range.count == hidden { return body(0..<gates * hidden) }
    for gate in 0..<gates { body(gate * hidden + range.lowerBound..<gate * hidden + range.upperBound) }
  }

  /// Calls `body` for each step, for parts of the neurons on several threads where their weights are worth it; for all neurons at
  /// once where `areShared` is false. No step begins before the one before has ended.
  ///
  /// A thread mostly has the same neurons at each step: it finds their weights, gates and memories in its cache, and takes no
  /// more than their states from the others.
  func forEachStep(
    _ steps: Range<Int>, areShared: Bool, _ body: (_ step: Int, _ neurons: NeuronRange) -> Void
  ) {
    guard areShared else {
      for step in steps { body(step, self) }
      return
    }
    PartitionedProduct.parallel(steps: steps.count, range.count, of: gates * hidden) {
      body(steps.lowerBound + $0, NeuronRange($1, of: self))
    }
  }
}
