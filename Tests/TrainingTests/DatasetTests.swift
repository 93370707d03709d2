import Interchange
import LinearAlgebra
import Tensors
import TestSupport
import Testing
import Training

@Suite struct DatasetTests {
  private func examples(_ count: Int) throws -> Examples {
    try Examples(
      inputs: Tensor(shape: [count, 1]) { for index in $0.indices { $0[index] = Float(index) } },
      targets: .labels((0..<count).map { $0 % 3 }, classes: 3))
  }

  private func batches<Data: Dataset>(_ data: Data, epoch: Int, seed: UInt64 = 1, from start: Int = 0) throws
    -> [[Float]]
  where Data.Batch == Examples {
    var iterator = try data.makeIterator(epoch: epoch, seed: seed, from: start)
    var batches: [[Float]] = []
    while let batch = try iterator.next() { batches.append(batch.inputs.array) }
    return batches
  }

  @Test func everyExampleOnceInAnOrderOfItsEpoch() throws {
    let data = try examples(10).dataset(batchSize: 4)
    let first = try batches(data, epoch: 0)
    #expect(first.map(\.count) == [4, 4, 2])
    #expect(first.joined().sorted() == (0..<10).map(Float.init))
    #expect(try batches(data, epoch: 0) == first)
    #expect(try batches(data, epoch: 1) != first)
    #expect(try batches(data, epoch: 0, seed: 2) != first)
    for start in 0...5 { #expect(try batches(data, epoch: 0, from: start) == Array(first.dropFirst(start))) }
    #expect(data.batchCount == 3)
    let whole = try examples(10).dataset(batchSize: 4, dropsLast: true)
    #expect(try batches(whole, epoch: 0) == Array(first.prefix(2)))
    #expect(whole.batchCount == 2)
    let ordered = try examples(10).dataset(batchSize: 3, shuffled: false)
    #expect(try batches(ordered, epoch: 7).joined().elementsEqual((0..<10).map(Float.init)))
    #expect(throws: DataError.self) { try examples(10).dataset(batchSize: 0) }
    #expect(try batches(examples(0).dataset(batchSize: 4), epoch: 0).isEmpty)
  }

  @Test func batchesOfSimilarLengths() {
    var random = RandomSource(seed: 3)
    let lengths = (0..<1000).map { _ in Int.random(in: 1...100, using: &random) }
    var (first, second) = (RandomSource(seed: 1), RandomSource(seed: 1))
    let batches = batchesByLength(lengths, batchSize: 16, using: &first)
    #expect(batches == batchesByLength(lengths, batchSize: 16, using: &second))
    #expect(batches.joined().sorted() == Array(0..<1000))
    #expect(batches.allSatisfy { $0.count <= 16 })
    let filled = batches.reduce(0) { $0 + $1.count * ($1.map { lengths[$0] }.max() ?? 0) }
    #expect(Double(filled) < 1.1 * Double(lengths.reduce(0, +)))
  }

  @Test func paddingKeepsEveryStep() throws {
    let padded = PaddedSequences([[3, 1], [], [2, 5, 4]], filling: 9)
    #expect(padded.values == (try Tensor([3, 1, 9, 9, 9, 9, 2, 5, 4], shape: [3, 3])))
    #expect(padded.lengths == [2, 0, 3])
    #expect(try PaddedSequences([Tensor]()).values.shape == [0, 0])
    #expect(throws: ShapeError.self) { try PaddedSequences([.zeros([2, 3]), .zeros([2, 4])]) }
    #expect(throws: ShapeError.self) { try PaddedSequences([.zeros([])]) }
  }

  private func images() throws -> Examples {
    try Examples(
      inputs: .normal([6, 2, 5, 4], seed: 1), targets: .labels(Array(repeating: 0, count: 6), classes: 1))
  }

  @Test func augmentationFollowsFromTheSeedAlone() async throws {
    let data = try images().dataset(batchSize: 4, shuffled: false)
      .augmented(by: [.shift(2), .flip, .cutout(2)])
    let first = try batches(data, epoch: 0)
    #expect(try batches(data, epoch: 0) == first)
    #expect(try batches(data, epoch: 0, from: 1) == [first[1]])
    #expect(try batches(data, epoch: 1) != first)
    let single = try Threads.$limit.withValue(1) { try batches(data, epoch: 0) }
    #expect(single == first)
    let flat = try examples(4).dataset(batchSize: 2).augmented(by: [.flip])
    #expect(throws: ShapeError.self) { try batches(flat, epoch: 0) }
  }

  @Test func eachChangeDoesWhatItSays() throws {
    let (plain, shape) = (try images().inputs, try images().inputs.shape)
    func changed(_ change: Augmentation) throws -> Tensor {
      let data = try images().dataset(batchSize: 6, shuffled: false).augmented(by: [change])
      return try Tensor(batches(data, epoch: 0)[0], shape: shape)
    }
    let (flipped, shifted, cut) = (try changed(.flip), try changed(.shift(1)), try changed(.cutout(2)))
    #expect(flipped != plain)
    for example in 0..<6 {
      let isFlipped = flipped[example, 0, 0, 0] != plain[example, 0, 0, 0]
      let moves = (-1...1).flatMap { down in (-1...1).map { (down, $0) } }
      var fits = Array(repeating: true, count: moves.count)
      var zeros = 0
      for channel in 0..<2 {
        for row in 0..<5 {
          for column in 0..<4 {
            #expect(
              flipped[example, channel, row, column]
                == plain[example, channel, row, isFlipped ? 3 - column : column])
            for (index, move) in moves.enumerated() {
              let (from, across) = (row - move.0, column - move.1)
              let expected = 0..<5 ~= from && 0..<4 ~= across ? plain[example, channel, from, across] : 0
              if shifted[example, channel, row, column] != expected { fits[index] = false }
            }
            let kept = cut[example, channel, row, column] == plain[example, channel, row, column]
            if !kept { zeros += 1 }
            #expect(kept || cut[example, channel, row, column] == 0)
          }
        }
      }
      #expect(fits.contains(true))
      #expect(1...8 ~= zeros)
    }
    #expect(try changed(.shift(0)) == plain)
    #expect(try changed(.cutout(0)) == plain)
  }

  @Test func prefetchedBatchesAreTheSame() throws {
    let data = try examples(1000).dataset(batchSize: 7)
    let expected = try batches(data, epoch: 3)
    for ahead in [0, 1, 2, 500] {
      #expect(try batches(data.prefetched(ahead), epoch: 3) == expected)
      #expect(try batches(data.prefetched(ahead), epoch: 3, from: 100) == Array(expected.dropFirst(100)))
    }
    #expect(data.prefetched().batchCount == data.batchCount)
    // Its thread ends with it, after a few batches or none.
    for taken in 0..<3 {
      var iterator = try data.prefetched(2).makeIterator(epoch: 0, seed: 1)
      for _ in 0..<taken { _ = try iterator.next() }
    }
  }

  @Test func anErrorComesInItsTurnAndStays() throws {
    struct Broken: Error {}
    let data = try examples(10).dataset(batchSize: 2, shuffled: false).map { batch in
      guard batch.inputs.array[0] < 6 else { throw Broken() }
      return batch.inputs.array
    }
    var iterator = try data.prefetched().makeIterator(epoch: 0, seed: 1)
    for start in [0, 2, 4] as [Float] { #expect(try iterator.next() == [start, start + 1]) }
    for _ in 0..<3 { #expect(throws: Broken.self) { try iterator.next() } }
    var ended = try examples(2).dataset(batchSize: 2).prefetched().makeIterator(epoch: 0, seed: 1)
    _ = try ended.next()
    for _ in 0..<3 { #expect(try ended.next() == nil) }
  }

  @Test func partsKeepTheShareOfEachClass() throws {
    let all = try examples(300)
    let (first, rest) = all.split(share: 0.2, seed: 4)
    #expect(first.count == 60 && rest.count == 240)
    #expect((first.inputs.array + rest.inputs.array).sorted() == all.inputs.array)
    guard case .labels(let labels, 3) = first.targets else { return #expect(Bool(false)) }
    #expect((0..<3).map { label in labels.count { $0 == label } } == [20, 20, 20])
    #expect(all.split(share: 0.2, seed: 4).first == first)
    #expect(all.split(share: 0.2, seed: 5).first != first)
    #expect(try first.appending(rest).count == 300)
    #expect(all.split(share: 2, seed: 1).rest.count == 0)
    let values = try Examples(inputs: .zeros([1, 1]), targets: .values(.zeros([1, 1])))
    #expect(throws: DataError.self) { try first.appending(values) }
    #expect(throws: ShapeError.self) { try first.appending(images()) }
  }

  @Test func classWeightsAndNormalization() throws {
    let uneven = try Examples(inputs: .zeros([4, 1]), targets: .labels([0, 0, 0, 1], classes: 3))
    #expect(uneven.balancedClassWeights?.array == [4.0 / 9, 4.0 / 3, 0])
    let normalized = try images().normalized(means: [1, 0], deviations: [2, 1])
    #expect(normalized.inputs[3, 0, 2, 1] == (try images().inputs[3, 0, 2, 1] - 1) / 2)
    #expect(normalized.inputs[3, 1, 2, 1] == (try images().inputs[3, 1, 2, 1]))
    #expect(throws: ShapeError.self) { try images().normalized(means: [1], deviations: [2]) }
    #expect(throws: DataError.self) { try images().normalized(means: [1, 0], deviations: [0, 1]) }
  }

  @Test func aStreamIsShuffledWithinItsBuffer() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("lines", (0..<100).map { "\($0)\n" }.joined())
    func stream(_ buffer: Int) -> StreamedDataset<String, [Int]> {
      StreamedDataset(batchSize: 8, shuffleBuffer: buffer) { _ in
        var reader = try LineReader(path)
        return { try reader.next() }
      } batch: { lines in
        lines.compactMap { Int($0) }
      }
    }
    func all(_ data: StreamedDataset<String, [Int]>, epoch: Int = 0, from start: Int = 0) throws -> [[Int]] {
      var iterator = try data.makeIterator(epoch: epoch, seed: 1, from: start)
      var batches: [[Int]] = []
      while let batch = try iterator.next() { batches.append(batch) }
      return batches
    }
    #expect(try all(stream(0)).joined().elementsEqual(0..<100))
    for buffer in [1, 10, 1000] {
      let first = try all(stream(buffer))
      #expect(first.count == 13)
      #expect(first.joined().sorted() == Array(0..<100))
      #expect(Array(first.joined()) != Array(0..<100))
      #expect(try all(stream(buffer)) == first)
      #expect(try all(stream(buffer), epoch: 1) != first)
      for start in [1, 5, 12, 20] {
        #expect(try all(stream(buffer), from: start) == Array(first.dropFirst(start)))
      }
      // Nothing comes before it is in the buffer.
      for (place, line) in first.joined().enumerated() { #expect(line <= place + buffer) }
    }
  }
}
