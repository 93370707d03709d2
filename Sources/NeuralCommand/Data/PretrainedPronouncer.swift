import NeuralNetworks

/// The pronouncer that the Python package g2p-en publishes, trained elsewhere: GRUs without attention, from letters to
/// phonemes with their stress. Park and Kim, Apache 2.0.
struct PretrainedPronouncer {
  /// The package that holds its weights.
  static let package = DataPackage(
    name: "g2p-en's pronouncer",
    origin: .wheel("g2p-en", version: "2.1.0", files: ["g2p_en/checkpoint20.npz"]))

  /// The phonemes by number. Those before are filling, an unknown one, the beginning and the end.
  static let phonemes = """
    <pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1 EH2 \
    ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 \
    UH2 UW UW0 UW1 UW2 V W Y Z ZH
    """.split(separator: " ").map(String.init)

  private let model: PlainEncoderDecoder

  /// The pronouncer of a file of g2p-en's arrays.
  ///
  /// - Throws: ``FileError`` if the file cannot be read, or its arrays are not the pronouncer's.
  init(contentsOf path: String) throws {
    let arrays = try NPZ.read(path)
    guard let vectors = arrays["enc_emb"]?.shape, let hidden = arrays["enc_w_hh"]?.shape, vectors.rank == 2,
      hidden.rank == 2, arrays["dec_emb"]?.shape.array.first == Self.phonemes.count
    else { throw FileError(path: path, reason: "holds no pronouncer of g2p-en's") }
    // Sizes may lie: no more memory than the arrays themselves warrant.
    var model = try withWeights(atMost: arrays.values.reduce(0) { $0 + $1.count }) {
      try PlainEncoderDecoder(
        .init(
          sourceVocabulary: vectors[0], targetVocabulary: Self.phonemes.count, beginning: 2, end: 3,
          dimension: vectors[1], hidden: hidden[1]), seed: 0)
    }
    var problems: [String] = []
    model.updateParameters { parameter, path in
      let name = Self.name(of: path)
      guard let array = arrays[name], array.shape == parameter.shape else {
        problems.append("\(name) is not \(parameter.shape)")
        return
      }
      parameter = array
    }
    if let problem = problems.first { throw FileError(path: path, reason: problem) }
    self.model = model
  }

  /// What g2p-en calls a parameter.
  private static func name(of path: String) -> String {
    switch path {
    case "source.weight": "enc_emb"
    case "target.weight": "dec_emb"
    case "output.weight": "fc_w"
    case "output.bias": "fc_b"
    // "encoder.weight_ih_l0" is "enc_w_ih".
    default:
      path.replacing("encoder.", with: "enc_").replacing("decoder.", with: "dec_")
        .replacing("weight", with: "w").replacing("bias", with: "b").replacing("_l0", with: "")
    }
  }

  /// The phonemes of each word, which is to be of the letters a to z; another character counts as unknown.
  func pronounce(_ words: [String]) throws -> [[String]] {
    let (unknown, end, firstLetter) = (1, 2, 3)
    let tokens = words.map { word in
      word.map { PronouncingDictionary.letters(of: String($0)).map { firstLetter + $0[0] } ?? unknown } + [
        end
      ]
    }
    return try model.answers(to: tokens).map { $0.map { Self.phonemes[$0] } }
  }
}
