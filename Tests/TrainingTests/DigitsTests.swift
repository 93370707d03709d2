import TestSupport
import Testing
import Training

@Suite("The digits that come with the library")
struct DigitsTests {
  @Test("1,797 images in a fixed split")
  func counts() throws {
    let (training, test) = Digits.load()
    #expect(training.inputs.shape == [1438, 64] && test.inputs.shape == [359, 64])
    #expect(Digits.imageShape.count == 64 && Digits.labelNames.count == 10)
    for part in [training, test] {
      // Checked on the way in, as for any other data.
      #expect(try Examples(inputs: part.inputs, targets: part.targets) == part)
      #expect(part.inputs.array.allSatisfy { (0...1).contains($0) && $0 * 16 == ($0 * 16).rounded() })
    }
  }

  @Test("the first and the fifth image, every class, the sum of the pixels")
  func content() throws {
    let (training, test) = Digits.load()
    #expect(training.inputs.array[..<8].map { $0 * 16 } == [0, 0, 5, 13, 9, 1, 0, 0])
    #expect(test.inputs.array[..<8].map { $0 * 16 } == [0, 0, 0, 1, 11, 0, 0, 0])
    guard case .labels(let learnt, classes: 10) = training.targets, case .labels(let tested, _) = test.targets
    else {
      Issue.record("the digits have labels of ten classes")
      return
    }
    #expect(learnt[..<5] == [0, 1, 2, 3, 5] && tested[..<2] == [4, 9])
    let counts = (0...9).map { digit in (learnt + tested).count { $0 == digit } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    let sum = (training.inputs.array + test.inputs.array).reduce(0) { $0 + Int($1 * 16) }
    #expect(sum == 561_718)
  }
}
