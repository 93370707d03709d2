import ArgumentParser

/// `neural train RECIPE`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network and saves it.",
    subcommands: [
      TrainPerceptron.self, TrainLinearRegression.self, TrainMLP.self, TrainDeep.self, TrainCNN.self,
      TrainRNN.self, TrainLSTM.self, TrainLSTMText.self, TrainTransformer.self, TrainEncoderDecoder.self,
      TrainEmbedding.self, TrainGAN.self,
    ])
}
