import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// The snippets of `docs/data.md`, in their order.
@Suite struct DataPageTests {
  @Test func examplesAndDataSets() throws {
    var count = 0
    let data = Digits.load()
    let (training, validation) = data.training.split(share: 0.9, seed: 1)
    let weights = training.balancedClassWeights
    #expect(weights?.count == 10)
    #expect(training.count + validation.count == data.training.count)

    let square = try Examples(
      inputs: training.inputs.reshaped(to: [training.count, 1, 8, 8]), targets: training.targets)
    do {
      let training = square
      let batches = try training.dataset(batchSize: 64).augmented(by: [.shift(1), .flip]).prefetched()
      var iterator = try batches.makeIterator(epoch: 0, seed: 7)
      while let batch = try iterator.next() { count += batch.count }
    }
    #expect(count == training.count)
  }

  struct Sums: Dataset {
    struct Batches: BatchIterator {
      let seed: UInt64
      let epoch: Int
      var batch: Int

      mutating func next() throws -> Examples? {
        guard batch < 100 else { return nil }
        var random = RandomSource(seed: seed, at: epoch, batch)
        batch += 1
        let pairs = (0..<16).map { _ in (random.uniform(), random.uniform()) }
        return try Examples(
          inputs: Tensor(pairs.flatMap { [$0.0, $0.1] }, shape: [16, 2]),
          targets: .values(Tensor(pairs.map { $0.0 + $0.1 }, shape: [16, 1])))
      }
    }

    var batchCount: Int? { 100 }

    func makeIterator(epoch: Int, seed: UInt64, from batch: Int) -> Batches {
      Batches(seed: seed, epoch: epoch, batch: batch)
    }
  }

  @Test(.onEveryBackend) func dataOfOnesOwn() throws {
    var model = try Sequential(input: [2], seed: 1) { Dense(outputs: 1) }
    var trainer = Trainer(loss: .meanSquaredError, optimizer: SGD(learningRate: 0.3))
    let history = try trainer.fit(&model, to: Sums(), epochs: 3)
    #expect((history.last?.training.loss ?? 1) < 1e-4)
  }

  @Test func sequences() throws {
    var steps = 0
    let sentences = [[4, 2, 7], [1], [3, 3, 5, 6], [2, 8]]
    var random = RandomSource(seed: 3)
    for batch in batchesByLength(sentences.map(\.count), batchSize: 2, using: &random) {
      let padded = PaddedSequences(batch.map { sentences[$0] })
      steps += padded.values.count - padded.lengths.reduce(0, +)
    }
    #expect(steps == 2)
  }

  @Test func readers() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let path = try temporary.file("table.csv", "sex,length,kind\nM,0.5,a\nF,,b\n")
    let table = try CSV.table(path)
    let inputs = try table.tensor(of: ["sex", "length"], missing: 0)
    let labels = try table.labels(of: "kind")
    #expect(inputs == (try Tensor([0, 1, 0.5, 1, 0, 0], shape: [2, 3])))
    #expect(labels == .labels([0, 1], classes: 2))

    let tokens = Tokenizer.words.tokens(in: "In the beginning was the word")
    let vocabulary = Vocabulary(of: tokens)
    let numbers = vocabulary.encode(tokens)
    try vocabulary.save(to: folder + "/vocabulary.json")
    #expect(vocabulary.decode(numbers) == tokens)
  }

  @Test func thePageSaysWhatIsCompiledHere() throws { try expectSnippets(of: "data.md", count: 6) }
}
