import Interchange
import Tensors
import TestSupport
import Testing
import Training

/// The data sets of texts, pairs and series.
@Suite struct SequenceDataTests {
  private func batches<Data: Dataset>(
    _ data: Data, epoch: Int = 0, seed: UInt64 = 1, from start: Int = 0
  ) throws -> [Data.Batch] {
    var iterator = try data.makeIterator(epoch: epoch, seed: seed, from: start)
    var batches: [Data.Batch] = []
    while let batch = try iterator.next() { batches.append(batch) }
    return batches
  }

  /// The same seed and epoch give the same batches, from any of them on.
  private func expectPlaces<Data: Dataset>(
    _ data: Data, sourceLocation: SourceLocation = #_sourceLocation
  ) throws where Data.Batch: Equatable {
    let first = try batches(data)
    #expect(first.count > 2, sourceLocation: sourceLocation)
    for start in [0, 1, first.count - 1, first.count, first.count + 3] {
      let rest = try batches(data, from: start)
      #expect(rest == Array(first.dropFirst(start)), "from \(start)", sourceLocation: sourceLocation)
    }
    #expect(try batches(data, epoch: 1) != first, sourceLocation: sourceLocation)
    #expect(try batches(data, seed: 2) != first, sourceLocation: sourceLocation)
    if let count = data.batchCount { #expect(count == first.count, sourceLocation: sourceLocation) }
  }

  @Test func stretchesOfAText() throws {
    let windows = try TextWindows(Array(0..<103), length: 10, batchSize: 4)
    try expectPlaces(windows)
    for epoch in 0..<20 {
      let rows = try batches(windows, epoch: epoch).flatMap { batch in
        (0..<batch.shape[0]).map { Array(batch.elements[$0 * 11..<$0 * 11 + 11]) }
      }
      #expect(rows.allSatisfy { $0 == Array($0[0]..<$0[0] + 11) })
      #expect(rows.map { $0[0] % 10 }.allSatisfy { $0 == rows[0][0] % 10 })
      #expect(Set(rows.map { $0[0] }).count == 9)
    }
    #expect(throws: DataError.self) { try TextWindows([1, 2, 3], length: 1, batchSize: 0) }
    #expect(throws: ShapeError.self) { try TextWindows([1, 2], length: 1, batchSize: 1) }
    #expect(throws: ShapeError.self) { try TextWindows([1, 2, 3], length: 0, batchSize: 1) }
    #expect(try batches(TextWindows([1, 2, 3], length: 1, batchSize: 8)).count == 1)
  }

  @Test func pairsOfSimilarLengths() throws {
    let sources = (0..<40).map { Array(repeating: $0, count: 1 + $0 % 7) }
    let pairs = try SequencePairs(sources, sources.map { $0 + [99] }, batchSize: 6)
    try expectPlaces(pairs)
    let all = try batches(pairs)
    #expect(all.flatMap(\.sources).sorted { $0[0] < $1[0] } == sources)
    #expect(all.allSatisfy { batch in zip(batch.sources, batch.targets).allSatisfy { $0 + [99] == $1 } })
    #expect(all.allSatisfy { Set($0.sources.map(\.count)).count <= 3 })
    #expect(throws: DataError.self) { try SequencePairs([[1]], [], batchSize: 1) }
    #expect(throws: DataError.self) { try SequencePairs([], [], batchSize: 0) }
  }

  @Test func wordsWithTheirNeighbours() throws {
    let text = (0..<12_000).map { $0 % 50 }
    let contexts = try WordContexts(
      text, vocabulary: 50, window: 2, negatives: 3, threshold: 1, batchSize: 5000)
    try expectPlaces(contexts)
    let all = try batches(contexts)
    for batch in all {
      #expect(batch.candidates.shape == [batch.centers.count, 4])
      for (row, center) in batch.centers.enumerated() {
        let distance = (batch.candidates.elements[row * 4] - center + 50) % 50
        #expect([1, 2, 48, 49].contains(distance))
      }
    }
    // Half of the words reach one neighbour to each side, and half two.
    let count = all.reduce(0) { $0 + $1.centers.count }
    #expect(abs(count - 36_000) < 600)
  }

  /// A common word is left out as often as the paper's program does, and is drawn as a negative by its count to the 3/4.
  @Test func commonWordsComeLessOften() throws {
    var random = RandomSource(seed: 1)
    let text = (0..<100_000).map { _ in
      random.uniform() < 0.81 ? 0 : 1 + Int.random(in: 0..<19, using: &random)
    }
    let contexts = try WordContexts(
      text, vocabulary: 20, window: 1, negatives: 1, threshold: 0.01, batchSize: 10_000)
    let all = try batches(contexts)
    let centers = all.flatMap(\.centers)
    // √(0.01/0.81) + 0.01/0.81 of 81,000, and all of the other 19,000.
    let kept = 81_000 * (0.1 / 0.9 + 0.01 / 0.81)
    let share = Double(centers.count { $0 == 0 }) / Double(centers.count)
    #expect(abs(share - kept / (kept + 19_000)) < 0.02)
    let negatives = all.flatMap { batch in
      stride(from: 1, to: batch.candidates.elements.count, by: 2).map { batch.candidates.elements[$0] }
    }
    let expected = 27.0 / (27 + 19)  // 81^(3/4) : 1^(3/4), nineteen of these
    #expect(abs(Double(negatives.count { $0 == 0 }) / Double(negatives.count) - expected) < 0.02)
    #expect(throws: ShapeError.self) { try WordContexts([0, 5], vocabulary: 5, batchSize: 1) }
    #expect(throws: ShapeError.self) { try WordContexts([0], vocabulary: 5, batchSize: 1) }
    #expect(throws: ShapeError.self) { try WordContexts([0, 1], vocabulary: 5, window: 0, batchSize: 1) }
    #expect(throws: DataError.self) { try WordContexts([0, 1], vocabulary: 5, batchSize: 0) }
  }

  @Test func seriesAreFilledUpToTheLongestOfTheirBatch() throws {
    let series = try LabelledSeries(
      (0..<9).map { Tensor(repeating: Float($0), shape: [1 + $0, 2]) }, labels: Array(0..<9).map { $0 % 2 },
      classes: ["even", "odd"])
    let data = try series.dataset(batchSize: 4)
    try expectPlaces(data)
    let all = try batches(data)
    #expect(all.flatMap { $0.series.lengths }.sorted() == Array(1...9))
    #expect(
      all.allSatisfy { batch in zip(batch.series.lengths, batch.labels).allSatisfy { ($0 - 1) % 2 == $1 } })
    #expect(all.allSatisfy { $0.series.values.shape[1] == $0.series.lengths.max() })
    #expect(throws: DataError.self) { try series.dataset(batchSize: 0) }
    #expect(throws: DataError.self) { try LabelledSeries([.zeros([1, 1])], labels: [], classes: ["a"]) }
    #expect(throws: DataError.self) { try LabelledSeries([.zeros([1, 1])], labels: [1], classes: ["a"]) }
    #expect(throws: ShapeError.self) {
      try LabelledSeries([.zeros([1, 1]), .zeros([1, 2])], labels: [0, 0], classes: ["a"])
    }
  }

  @Test func aSeriesByItsLags() throws {
    let examples = try Examples(lags: 2, of: [1, 2, 3, 5])
    #expect(examples.inputs == (try Tensor([1, 2, 2, 3], shape: [2, 2])))
    #expect(examples.targets == .values(try Tensor([3, 5], shape: [2, 1])))
    #expect(throws: ShapeError.self) { try Examples(lags: 2, of: [1, 2]) }
    #expect(throws: ShapeError.self) { try Examples(lags: 0, of: [1, 2]) }
    #expect(throws: DataError.self) { try Examples(lags: 1, of: [1, .nan]) }
  }

  @Test func pointsAroundCenters() throws {
    let (ring, grid) = (GaussianMixture.ring(), GaussianMixture.grid())
    #expect(ring.centers.count == 8 && grid.centers.count == 25)
    #expect(grid.centers.contains(SIMD2(-4, 4)) && grid.centers.contains(SIMD2(2, 0)))
    try expectPlaces(ring.dataset(batchSize: 10, batchCount: 5))
    var random = RandomSource(seed: 1)
    let coverage = try grid.coverage(of: grid.points(2500, using: &random))
    #expect(coverage.modes == 25)
    // Within three deviations along both axes at once: 1 − e^(−9/2).
    #expect(abs(coverage.near - 0.9889) < 0.01)
    let one = try ring.coverage(of: Tensor([2, 0, 2, 0.01, 2.1, 0, 0, 0], shape: [4, 2]))
    #expect(one == .init(modes: 1, near: 0.5))
    #expect(throws: ShapeError.self) { try ring.coverage(of: .zeros([0, 2])) }
    #expect(throws: ShapeError.self) { try ring.coverage(of: .zeros([3])) }
  }

  @Test func distancesAndScores() throws {
    #expect(editDistance(Array("kitten"), Array("sitting")) == 3)
    #expect(
      editDistance([], [1, 2]) == 2 && editDistance([1, 2], []) == 2 && editDistance([Int](), []) == 0)
    #expect(editDistance([1, 2, 3], [1, 2, 3]) == 0 && editDistance([1, 2], [2, 1]) == 2)
    #expect(abs(try inceptionScore(Tensor([1, 0, 0, 1], shape: [2, 2])) - 2) < 1e-6)
    #expect(abs(try inceptionScore(Tensor([0.7, 0.3, 0.7, 0.3], shape: [2, 2])) - 1) < 1e-6)
    #expect(throws: ShapeError.self) { try inceptionScore(.zeros([0, 2])) }
  }
}
