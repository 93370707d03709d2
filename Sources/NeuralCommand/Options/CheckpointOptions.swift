import ArgumentParser
import NeuralNetworks

/// Where a training is saved on its way.
struct CheckpointOptions: ParsableArguments {
  @Option(help: "The folder for checkpoints. (default: none)")
  var checkpoint: String?

  @Option(help: "Steps from one checkpoint to the next, beside each epoch's end.")
  var checkpointEvery: Int?

  @Flag(help: "Go on from the newest checkpoint in the folder, if there is one.")
  var resume = false

  func validate() throws {
    if checkpoint == nil, resume || checkpointEvery != nil {
      throw ValidationError("--resume and --checkpoint-every belong to --checkpoint")
    }
    try check("--checkpoint-every", checkpointEvery)
  }

  var checkpoints: Checkpoints? {
    checkpoint.map { folder in
      Checkpoints(in: folder, every: checkpointEvery.map { .steps($0) } ?? .epochs, resumes: resume)
    }
  }
}
