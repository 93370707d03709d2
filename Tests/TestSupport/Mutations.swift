import Tensors

/// Calls `body` with copies of `bytes` in which some were changed, cut off, put in or repeated.
public func withMutations(of bytes: [UInt8], count: Int, _ name: String, _ body: ([UInt8]) throws -> Void)
  rethrows
{
  let seed = UInt64.random(in: 0...UInt64.max)
  print("\(name): seed \(seed)")
  var random = RandomSource(seed: seed)
  for _ in 0..<count {
    var mutated = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !mutated.isEmpty {
      let index = Int.random(in: mutated.indices, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: mutated[index] = UInt8.random(in: 0...255, using: &random)
      case 1: mutated[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: mutated[index] = Array("0123456789-[]{}(),:'\"\n".utf8).randomElement(using: &random) ?? 0
      case 3: mutated.removeSubrange(index...)
      case 4: mutated.insert(UInt8.random(in: 0...255, using: &random), at: index)
      default: mutated.insert(contentsOf: mutated[index...].prefix(9), at: index)
      }
    }
    try body(mutated)
  }
}
