import Interchange
import Layers
import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct PassCommitTests {
  private let batch = Tensor.normal([6, 3], seed: 1)

  private func network() throws -> Sequential {
    try Sequential(input: [3], seed: 1) {
      BatchNorm().named("first")
      SpectralNormalized(Dense(outputs: 4, activation: .relu)).named("hidden")
      BatchNorm(momentum: 0.5)
      Dense(outputs: 2)
    }
  }

  @Test func aStepsStatisticsArePutInTheirPlace() throws {
    var model = try network()
    let before = model.buffers.map(\.value)
    let pass = Pass(.training)
    _ = try model(batch, in: pass)
    #expect(model.buffers.map(\.value) == before, "a run changes nothing by itself")
    pass.commit(to: &model)
    for (now, before) in zip(model.buffers.map(\.value), before) { #expect(now != before) }
    #expect(
      model.buffers.map(\.path) == [
        "first.running_mean", "first.running_var", "hidden.parametrizations.weight.0._u",
        "hidden.parametrizations.weight.0._v", "2.running_mean", "2.running_var",
      ])
  }

  @Test func aSnapshotKeepsItsStatisticsAndMayGetThem() throws {
    var model = try network()
    var served = model
    let before = try served(batch)
    let pass = Pass(.training)
    _ = try model.valueAndGradients { try meanSquaredError($0(batch, in: pass), .zeros([6, 2])) }
    pass.commit(to: &model)
    #expect(try served(batch) == before)
    #expect(try model(batch) != before)
    pass.commit(to: &served)
    #expect(try served(batch) == model(batch))
  }

  @Test func inferenceCommitsNothing() throws {
    var model = try network()
    let before = model.state.map(\.value)
    let pass = Pass(.inference)
    _ = try model(batch, in: pass)
    pass.commit(to: &model)
    #expect(model.state.map(\.value) == before)
  }

  @Test func anUnrelatedModelGetsNothing() throws {
    let model = try network()
    var other = try network()
    let before = other.buffers.map(\.value)
    let pass = Pass(.training)
    _ = try model(batch, in: pass)
    pass.commit(to: &other)
    #expect(other.buffers.map(\.value) == before)
  }

  @Test func aLayerThatStandsTwiceHasStatisticsOfItsOwn() throws {
    let normalization = try BatchNorm(momentum: 1).initialized(for: [3], seed: 1)
    var model = try Sequential(input: [3], seed: 1) {
      normalization
      Activation.relu
      normalization
    }
    let pass = Pass(.training)
    _ = try model(batch, in: pass)
    pass.commit(to: &model)
    let means = model.buffers.filter { $0.path.hasSuffix("running_mean") }.map(\.value)
    #expect(means.count == 2)
    #expect(means[0] != means[1])
  }

  @Test func statisticsAreLearntOverManySteps() throws {
    var model = try Sequential(input: [2], seed: 1) { BatchNorm() }
    var batch = Tensor.normal([64, 2], seed: 3)
    batch.withUnsafeMutableElements { for index in $0.indices { $0[index] = 3 * $0[index] + 5 } }
    for _ in 0..<100 {
      let pass = Pass(.training)
      _ = try model(batch, in: pass)
      pass.commit(to: &model)
    }
    let trained = try model(batch, in: Pass(.training))
    expectClose(try model(batch).array, trained.array, tolerance: 0.02)
  }

  @Test func buffersAreSavedAndLoaded() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    var model = try network()
    let pass = Pass(.training)
    _ = try model(batch, in: pass)
    pass.commit(to: &model)
    try model.save(to: path)
    var loaded = try network()
    try loaded.load(from: path)
    #expect(loaded.state.map(\.value) == model.state.map(\.value))
    #expect(try loaded(batch) == model(batch))

    let next = Pass(.training)
    _ = try loaded(batch, in: next)
    next.commit(to: &loaded)
    #expect(loaded.buffers[0].value != model.buffers[0].value, "a loaded model learns on")
  }

  @Test func countersOfAStateDictArePassedOver() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "model.safetensors")
    let model = try Sequential(input: [3], seed: 1) { BatchNorm() }
    try Safetensors(
      tensors: model.state.map { ($0.path, $0.value) } + [("0.num_batches_tracked", Tensor(scalar: 7))],
      metadata: [:]
    ).write(to: path)
    var loaded = model
    try loaded.load(from: path)
    #expect(loaded.state.map(\.value) == model.state.map(\.value))
  }
}
