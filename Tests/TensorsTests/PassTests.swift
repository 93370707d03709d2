import TestSupport
import Testing

import Tensors

@Suite struct PassTests {
  private let buffer = Buffer(Tensor([1, 2]))

  @Test func aBufferHasItsOwnValueUntilAnotherIsSet() {
    let pass = Pass(.training)
    #expect(pass.value(of: buffer).array == [1, 2])
    pass.set(buffer, to: Tensor([3, 4]))
    #expect(pass.value(of: buffer).array == [3, 4])
    pass.set(buffer, to: Tensor([5, 6]))
    #expect(pass.value(of: buffer).array == [5, 6])
    #expect(buffer.value.array == [1, 2])
  }

  @Test func copiesShareTheirIdentity() {
    let (pass, copy) = (Pass(.training), buffer)
    pass.set(buffer, to: Tensor([3, 4]))
    #expect(pass.value(of: copy).array == [3, 4])
  }

  @Test func anotherBufferOfTheSameValueIsAnother() {
    let (pass, other) = (Pass(.training), Buffer(buffer.value))
    pass.set(buffer, to: Tensor([3, 4]))
    #expect(pass.value(of: other).array == [1, 2])
  }

  @Test func passesDoNotKnowOfEachOther() {
    let (first, second) = (Pass(.training), Pass(.training))
    first.set(buffer, to: Tensor([3, 4]))
    #expect(second.value(of: buffer).array == [1, 2])
  }

  /// Were the identity not kept, a new buffer in the same memory could take over a value.
  @Test func aBufferThatIsGoneLeavesNothingBehind() {
    let pass = Pass(.training)
    for _ in 0..<100 {
      let brief = Buffer(Tensor([1]))
      #expect(pass.value(of: brief).array == [1])
      pass.set(brief, to: Tensor([2]))
    }
  }

  @Test func whatIsSetIsAConstant() {
    let (tape, pass) = (Tape(), Pass(.training))
    pass.set(buffer, to: tape.watch(Tensor([3, 4])))
    #expect(pass.value(of: buffer).record == nil)
  }

  @Test func aBufferOfAnotherShapeIsOurOwnMistake() async {
    await #expect(processExitsWith: .failure) {
      Pass(.training).set(Buffer(Tensor([1, 2])), to: Tensor([1]))
    }
  }

  @Test func randomnessFollowsFromTheSeed() {
    func numbers(_ seed: UInt64) -> [UInt64] {
      let pass = Pass(.training, seed: seed)
      return (0..<4).map { _ in
        var random = pass.splitRandomness()
        return random.next()
      }
    }
    #expect(numbers(1) == numbers(1))
    #expect(Set(numbers(1) + numbers(2)).count == 8)
  }

  @Test func manyTasksSetAtOnce() async {
    let pass = Pass(.training)
    let buffers = (0..<50).map { Buffer(Tensor([Float($0)])) }
    await withTaskGroup(of: Void.self) { group in
      for (index, buffer) in buffers.enumerated() {
        group.addTask { pass.set(buffer, to: Tensor([Float(-index)])) }
      }
    }
    #expect(buffers.map { pass.value(of: $0).array } == (0..<50).map { [Float(-$0)] })
  }
}
