import Interchange
import Layers
import Operations
import Tensors
import TestSupport
import Testing
import Training

/// The snippets of `docs/training.md`, in their order.
@Suite(.onEveryBackend) struct TrainingPageTests {
  @Test func theTrainer() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let data = Digits.load()
    var model = try Sequential(input: [64], seed: 7) {
      Dense(outputs: 32, activation: .relu)
      Dropout(0.1)
      Dense(outputs: 10)
    }
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: AdamW(learningRate: 3e-3))
    let history = try trainer.fit(
      &model, to: data.training, validation: data.test, epochs: 5, batchSize: 32, seed: 7)
    #expect((history.last?.validation?.accuracy ?? 0) > 0.9)

    trainer.schedule = LinearWarmup(steps: 100, then: CosineDecay())
    trainer.clipping = .norm(1)
    trainer.batchesPerStep = 2
    trainer.average = MovingAverage(decay: 0.999)
    trainer.earlyStopping = EarlyStopping(patience: 5)
    trainer.checkpoints = Checkpoints(in: folder, every: .steps(500), keepsBest: 3, resumes: true)
    #expect(try trainer.fit(&model, to: data.training, validation: data.test, epochs: 2).count == 2)
    #expect(try temporary.names.count == 2)

    try model.save(to: folder + "/model.safetensors")
    let again = try Sequential(contentsOf: folder + "/model.safetensors")
    #expect(again.state.map(\.value) == model.state.map(\.value))
  }

  @Test func groupsAndSchedules() throws {
    let optimizer = ParameterGroups(AdamW(learningRate: 3e-4)) {
      ParameterGroup(.biasesAndNorms, AdamW(learningRate: 3e-4, weightDecay: 0))
      ParameterGroup(.under("embedding"), SGD(learningRate: 3e-3))
    }
    #expect(optimizer.learningRate == 3e-4)
    let schedule = LinearWarmup(
      steps: 500, then: ScheduleProduct(CosineDecay(to: 0.1), ReduceOnPlateau(patience: 3)))
    #expect(schedule.factor(at: 499, of: 1000) < 1)
  }

  @Test func loops() throws {
    let data = Digits.load()
    var model = try Sequential(input: [64], seed: 7) { Dense(outputs: 10) }
    var trainer = Trainer(loss: .softmaxCrossEntropy, optimizer: Adam(learningRate: 0.02))
    if data.test.count == 0 {
      // Compiled here alone, for it would print.
      var progress = TerminalProgress()
      try trainer.fit(&model, to: data.training, validation: data.test, epochs: 50) { event in
        try progress.show(event)
        if case .epoch(let report) = event, report.training.loss < 0.05 { throw StopTraining() }
      }
    }

    var optimizer = Adam(learningRate: 1e-3)
    for (step, batch) in data.training.batches(of: 32).enumerated() {
      let pass = Pass(.training, seed: UInt64(step))
      let (loss, gradients) = try model.valueAndGradients { model in
        try Loss.softmaxCrossEntropy(model(batch.inputs, in: pass), batch.targets)
      }
      try optimizer.update(&model, with: gradients)
      pass.commit(to: &model)
      if step == 0 { print(try loss.item()) }
    }

    let batches = try data.training.dataset(batchSize: 32)
    try trainer.fit(&model, to: batches, epochs: 1) { model, batch, pass in
      try Loss.softmaxCrossEntropy(model(batch.inputs, in: pass), batch.targets)
    }
    #expect((try model.evaluate(data.test).accuracy ?? 0) > 0.8)
  }

  @Test func twoNetworks() throws {
    var generator = try Sequential(input: [4], seed: 1) { Dense(outputs: 2) }
    var critic = try Sequential(input: [2], seed: 2) { Dense(outputs: 1) }
    var (generatorOptimizer, criticOptimizer) = (Adam(), Adam())
    for step in 0..<3 {
      let (real, noise) = (Tensor.zeros([8, 2]), Tensor.zeros([8, 4]))
      let pass = Pass(.training, seed: UInt64(step))
      let fake = try generator(noise, in: pass)
      let forCritic = try critic.valueAndGradients { critic in
        try AdversarialLoss.leastSquares.critic(
          real: critic(real, in: pass), generated: critic(fake.detached, in: pass))
      }.gradients
      try criticOptimizer.update(&critic, with: forCritic)
      let forGenerator = try generator.valueAndGradients { generator in
        try AdversarialLoss.leastSquares.generator(generated: critic(generator(noise, in: pass), in: pass))
      }.gradients
      try generatorOptimizer.update(&generator, with: forGenerator)
    }
    #expect(generator.parameters.allSatisfy { $0.value.isFinite })
  }

  @Test func thePageSaysWhatIsCompiledHere() throws { try expectSnippets(of: "training.md", count: 9) }
}
