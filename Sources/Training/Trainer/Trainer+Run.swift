import Layers
import Tensors

extension Trainer {
  /// The loop over epochs.
  mutating func run<Model: Module, Data: Dataset>(
    _ model: inout Model, to data: Data, _ objective: Objective<Model, Data.Batch>, epochs: Int, seed: UInt64,
    report: (TrainingEvent) throws -> Void, validate: (Model) throws -> Evaluation?
  ) throws -> [EpochReport] {
    guard epochs > 0 else { return [] }
    let learningRate = optimizer.learningRate
    defer { optimizer.learningRate = learningRate }
    let perStep = max(1, batchesPerStep)
    let perEpoch = data.batchCount.map { $0.dividedRoundingUp(by: perStep) }
    var run = TrainingRun(
      state: TrainingState(seed: seed, batchesPerEpoch: data.batchCount, batchesPerStep: perStep),
      stepCount: perEpoch.map { $0.timesAtMost(epochs) } ?? .max, epochs: epochs, learningRate: learningRate)
    var store = try checkpoints.map(CheckpointStore.init)
    if let checkpoint = try store?.latest(resumes: checkpoints?.resumes ?? false) {
      try resume(&model, &run, from: checkpoint)
    }
    do {
      while run.state.epoch < epochs, !isOver(run.state) {
        try epoch(&model, data, objective, &run, &store, report, validate)
      }
    } catch  where error is StopTraining || error is CancellationError {
      try save(model, run, &store) { event in do { try report(event) } catch is StopTraining {} }
      guard error is StopTraining else { throw error }
      return run.state.history
    }
    if earlyStopping?.restoresBest == true, let best = run.best { try model.restore(best) }
    return run.state.history
  }

  private func isOver(_ state: TrainingState) -> Bool {
    earlyStopping.map { state.epochsWithoutImprovement > $0.patience } ?? false
  }

  /// The steps of an epoch that are not taken yet, and what comes after them.
  private mutating func epoch<Model: Module, Data: Dataset>(
    _ model: inout Model, _ data: Data, _ objective: Objective<Model, Data.Batch>, _ run: inout TrainingRun,
    _ store: inout CheckpointStore?, _ report: (TrainingEvent) throws -> Void,
    _ validate: (Model) throws -> Evaluation?
  ) throws {
    let start = ContinuousClock.now
    let before = run.state.seconds
    var batches = try data.makeIterator(
      epoch: run.state.epoch, seed: run.state.seed, from: run.state.batch)
    while try step(&model, &batches, objective, &run) {
      run.state.seconds = before + start.duration(to: .now) / .seconds(1)
      try report(.batch(run.batchReport))
      try Task.checkCancellation()
      if store?.isDue(after: run.state) == true { try save(model, run, &store, report) }
    }
    let evaluation = try validate(model)
    let training = run.state.running.result
    try checkFinite(model, loss: evaluation?.loss ?? training.loss, run.state)
    let summary = EpochReport(
      epoch: run.state.epoch + 1, epochs: run.epochs, training: training, validation: evaluation,
      seconds: run.state.seconds)
    schedule.observe(evaluation?.loss ?? training.loss)
    if run.state.finishEpoch(summary, earlyStopping), earlyStopping?.restoresBest == true {
      run.best = Dictionary(uniqueKeysWithValues: model.state.map { ($0.path, $0.value.detached) })
    }
    try save(model, run, &store, report)
    try report(.epoch(summary))
  }

  /// One step: feed forward and back for its batches, and update; whether there was a batch left.
  private mutating func step<Model: Module, Batches: BatchIterator>(
    _ model: inout Model, _ batches: inout Batches, _ objective: Objective<Model, Batches.Batch>,
    _ run: inout TrainingRun
  ) throws -> Bool {
    var accumulator = GradientAccumulator()
    while accumulator.count < run.state.batchesPerStep, let batch = try batches.next() {
      try accumulator.add(backpropagate(&model, batch, objective, &run.state))
    }
    guard var gradients = accumulator.takeMean() else { return false }
    if let path = gradients.notFinitePath {
      throw TrainingError.gradientNotFinite(path: path, epoch: run.state.epoch + 1, batch: run.state.batch)
    }
    clipping?(&gradients)
    optimizer.learningRate =
      run.learningRate * schedule.factor(at: run.state.step, of: run.stepCount)
    try optimizer.update(&model, with: gradients)
    try average?.update(from: model)
    run.state.step += 1
    return true
  }

  /// A batch's gradients; what the pass has learnt without a gradient is committed.
  private func backpropagate<Model: Module, Batch>(
    _ model: inout Model, _ batch: Batch, _ objective: Objective<Model, Batch>, _ state: inout TrainingState
  ) throws -> Gradients {
    let seed = state.passSeed
    let pass = Pass(.training, seed: seed)
    var output: Tensor?
    let (value, gradients) = try model.valueAndGradients { model in
      let result = try objective.loss(model, batch, pass)
      output = result.output
      return result.0
    }
    let loss = try value.item()
    guard loss.isFinite else {
      throw TrainingError.diverged(
        loss: loss, epoch: state.epoch + 1, batch: state.batch + 1,
        layer: layerThatIsNotFinite(model, batch, objective, seed: seed))
    }
    pass.commit(to: &model)
    state.running.add(loss: loss, count: objective.count(batch))
    if let output, let targets = objective.targets(batch) { state.running.add(output, targets) }
    state.batch += 1
    return gradients
  }
}

extension Int {
  /// The product of two numbers that are not negative, at least 1, or the greatest number where it is beyond that.
  fileprivate func timesAtMost(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : Swift.max(1, product)
  }
}
