import Tensors
import TestSupport
import Testing
import Training

@Suite("Examples")
struct ExamplesTests {
  private let inputs = Tensor.counting([4, 2])
  private let labels = Targets.labels([0, 1, 2, 1], classes: 3)

  @Test("counts and shapes")
  func shapes() throws {
    let examples = try Examples(inputs: .counting([4, 3, 2]), targets: labels)
    #expect(examples.count == 4)
    #expect(examples.exampleShape == [3, 2])
    #expect(examples.targets.count == 4)
    #expect(try Examples(inputs: .zeros([0, 2]), targets: .labels([], classes: 1)).count == 0)
  }

  @Test("selected and split, labels and values")
  func selecting() throws {
    let labelled = try Examples(inputs: inputs, targets: labels).selecting([3, 0, 3])
    #expect(labelled.inputs == (try Tensor([6, 7, 0, 1, 6, 7], shape: [3, 2])))
    #expect(labelled.targets == .labels([1, 0, 1], classes: 3))
    let valued = try Examples(inputs: inputs, targets: .values(.counting([4, 1])))
    #expect(valued.selecting([2]).targets == .values(try Tensor([2], shape: [1, 1])))
    #expect(valued.selecting([]).inputs.shape == [0, 2])
    let (first, rest) = valued.split(first: 1)
    #expect(first.inputs.array == [0, 1] && rest.inputs.array == [2, 3, 4, 5, 6, 7])
    #expect(valued.split(first: 4).rest.count == 0)
    #expect(valued.split(first: 0).rest == valued)
  }

  @Test("what no network could learn from")
  func errors() throws {
    func fault(_ inputs: Tensor, _ targets: Targets) -> String {
      message {
        do { _ = try Examples(inputs: inputs, targets: targets) } catch let error as DataError { throw error }
      }
    }
    #expect(fault(inputs, .labels([0, 1], classes: 3)) == "there are 4 inputs but 2 targets")
    #expect(fault(inputs, .values(.zeros([3, 1]))) == "there are 4 inputs but 3 targets")
    #expect(
      fault(inputs, .labels([0, 1, 3, 0], classes: 3))
        == "example 2: the label 3 is not one of the classes 0..<3")
    #expect(fault(inputs, .labels([0, -1, 0, 0], classes: 3)).hasPrefix("example 1: the label -1"))
    #expect(fault(inputs, .labels([0, 0, 0, 0], classes: 0)) == "labels of 0 classes; expected at least one")
    #expect(fault(Tensor(scalar: 1), labels) == "the inputs are a single number; expected [examples, …]")
    #expect(fault(inputs, .values(Tensor(scalar: 1))).hasPrefix("the target values are a single number"))
    var broken = inputs
    broken[2, 1] = .nan
    #expect(fault(broken, labels) == "example 2: its input holds nan")
    broken[2, 1] = -.infinity
    #expect(fault(broken, labels) == "example 2: its input holds -inf")
    #expect(fault(inputs, .values(Tensor([0, 0, 0, .infinity]))) == "example 3: its target value holds inf")
  }
}

extension Tensor {
  /// The numbers 0, 1, 2 … in row-major order.
  fileprivate static func counting(_ shape: Shape) -> Tensor {
    Tensor(shape: shape) { elements in
      for index in elements.indices { elements.initializeElement(at: index, to: Float(index)) }
    }
  }
}
