import Operations

/// Kinds of layers that a model can be built of again from a description: see ``Sequential``'s `Codable` form.
///
/// A layer of your own belongs to them once it is `Codable`, by its settings and not its parameters:
///
///     let model = try Sequential(contentsOf: "model.safetensors", kinds: .builtIn.adding(MyLayer.self))
public struct LayerKinds: Sendable {
  private var types: [String: any (Layer & Codable).Type] = [:]

  private init(_ types: [any (Layer & Codable).Type]) {
    for type in types { self.types[Self.name(of: type)] = type }
  }

  /// All layers of this library that stand alone in a row.
  public static let builtIn = LayerKinds([
    Activation.self, AdaptiveAveragePool1D.self, AdaptiveAveragePool2D.self, AveragePool1D.self,
    AveragePool2D.self,
    BatchNorm.self, Convolution1D.self, Convolution2D.self, Dense.self, Dropout.self, Embedding.self,
    EmbeddingBag.self, Flatten.self,
    GlobalAveragePool.self, GlobalMaxPool.self, GroupNorm.self, GRU.self, LastStep.self, LayerNorm.self,
    LearnedPositions.self, LogSoftmax.self, LSTM.self, MaxPool1D.self, MaxPool2D.self,
    MultiHeadAttention.self,
    PReLU.self, Reshape.self, RMSNorm.self, Sequential.self, SimpleRecurrent.self, SinusoidalPositions.self,
    Softmax.self, SpatialDropout.self, SpectralNormalized<Convolution1D>.self,
    SpectralNormalized<Convolution2D>.self, SpectralNormalized<Dense>.self,
    SpectralNormalized<Embedding>.self,
    SpectralNormalized<TransposedConvolution1D>.self, SpectralNormalized<TransposedConvolution2D>.self,
    TransformerEncoderLayer.self, TransposedConvolution1D.self, TransposedConvolution2D.self, Upsample.self,
    ZeroPadding1D.self, ZeroPadding2D.self,
  ])

  /// These kinds and one more.
  public func adding(_ type: any (Layer & Codable).Type) -> LayerKinds {
    var kinds = self
    kinds.types[Self.name(of: type)] = type
    return kinds
  }

  /// The kinds' names.
  public var names: [String] { types.keys.sorted() }

  /// A kind's name in a description: the type's.
  static func name(of type: any Layer.Type) -> String { "\(type)" }

  subscript(name: String) -> (any (Layer & Codable).Type)? { types[name] }
}

extension CodingUserInfoKey {
  /// Where a decoder finds the ``LayerKinds``.
  static let layerKinds = CodingUserInfoKey(rawValue: "layerKinds")
}

/// A layer of any kind with the kind's name, as a description has it.
struct DescribedLayer: Codable {
  let layer: any Layer

  init(_ layer: any Layer) { self.layer = layer }

  private enum CodingKeys: CodingKey { case kind, settings }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .kind)
    let known = CodingUserInfoKey.layerKinds.flatMap { decoder.userInfo[$0] as? LayerKinds }
    guard let type = (known ?? .builtIn)[name] else {
      throw ArchitectureError("no kind of layer is called \"\(name)\"")
    }
    layer = try type.init(from: values.superDecoder(forKey: .settings))
  }

  func encode(to encoder: any Encoder) throws {
    guard let layer = layer as? any (Layer & Codable) else {
      throw ArchitectureError("\(layer) cannot be described: \(type(of: layer)) is not Codable")
    }
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(LayerKinds.name(of: type(of: layer)), forKey: .kind)
    try layer.encode(to: values.superEncoder(forKey: .settings))
  }
}

/// A model that cannot be described, or a description of none.
public struct ArchitectureError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, on one line.
  public let description: String

  init(_ description: String) { self.description = description }
}
