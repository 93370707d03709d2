import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ArithmeticTests {
  private struct Settings: Decodable {
    let kind: String
    var axes: [Int]?
    var keep: Bool?
    var axis: Int?
  }

  @Test(arguments: try ReferenceCase.all(in: "arithmetic"))
  func agreesWithPyTorch(_ reference: ReferenceCase) throws {
    let settings = try reference.settings(Settings.self)
    let (axes, axis, keep) = (settings.axes, settings.axis ?? 0, settings.keep ?? false)
    try checkOperation(against: reference) { x in
      switch settings.kind {
      case "add": try x[0] + x[1]
      case "subtract": try x[0] - x[1]
      case "multiply": try x[0] * x[1]
      case "divide": try x[0] / x[1]
      case "square": try square(x[0])
      case "root": try squareRoot(x[0])
      case "exp": try exp(x[0])
      case "log": try log(x[0])
      case "absolute": try absolute(x[0])
      case "cube": try power(x[0], 3)
      case "power": try power(x[0], -1.5)
      case "zeroth": try power(x[0], 0)
      case "negate": try -x[0]
      case "affine": try 3 - 2 * x[0] / 7 + 1
      case "reciprocal": try 2 / x[0]
      case "sum": try sum(x[0], along: axes, keepingAxes: keep)
      case "mean": try mean(x[0], along: axes, keepingAxes: keep)
      case "maximum": try maximum(x[0], along: axis)
      case "permute": try permute(x[0], axes ?? [])
      case "concatenate": try concatenate(x, along: axis)
      case "slice": try slice(x[0], 1..<3, along: axis)
      case "matrix": try matrixProduct(x[0], x[1])
      default: try broadcast(x[0], to: Shape(axes ?? []))
      }
    }
  }

  @Test func aHandWorkedExample() throws {
    let a = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(try (a + Tensor([10, 20, 30])).array == [11, 22, 33, 14, 25, 36])
    #expect(try (a - Tensor([1, 2], shape: [2, 1])).array == [0, 1, 2, 2, 3, 4])
    #expect(try (2 * a / 4).array == [0.5, 1, 1.5, 2, 2.5, 3])
    #expect(try sum(a, along: [0]) == Tensor([5, 7, 9]))
    #expect(try mean(a).item() == 3.5)
    #expect(try maximum(a, along: -1, keepingAxes: true) == Tensor([3, 6], shape: [2, 1]))
    #expect(try transpose(a) == Tensor([1, 4, 2, 5, 3, 6], shape: [3, 2]))
    #expect(try split(a, into: [1, 2], along: 1)[1] == Tensor([2, 3, 5, 6], shape: [2, 2]))
    #expect(try matrixProduct(a, transpose(a)) == Tensor([14, 32, 32, 77], shape: [2, 2]))
  }

  @Test func operandsThatAreOneGetBothErrorTerms() throws {
    let x = Tensor.normal([2, 3], seed: 1)
    try checkGradients(at: [x]) { try $0[0] * $0[0] + $0[0] / ($0[0] * $0[0] + 1) - $0[0] }
    try checkGradients(at: [x]) { try matrixProduct($0[0], transpose($0[0])) }
    try checkGradients(at: [x]) { try concatenate([$0[0], $0[0], -$0[0]], along: 0) }
  }

  @Test func gradientsAgreeWithDifferences() throws {
    let (x, positive) = (Tensor.normal([2, 3, 2], seed: 1), Tensor([0.5, 1, 2, 4]))
    try checkGradients(at: [x, .normal([3, 1], seed: 2)]) { try $0[0] + $0[1] }
    try checkGradients(at: [x, .normal([2, 1, 1], seed: 2)]) { try $0[0] - $0[1] }
    try checkGradients(at: [x, .normal([2], seed: 2)]) { try $0[0] * $0[1] }
    try checkGradients(at: [x, Tensor([1.5, -2])]) { try $0[0] / $0[1] }
    try checkGradients(at: [x]) { try square($0[0]) }
    try checkGradients(at: [x]) { try absolute($0[0]) }
    try checkGradients(at: [x]) { try exp($0[0]) }
    try checkGradients(at: [x]) { try power($0[0], 3) }
    try checkGradients(at: [positive]) { try squareRoot($0[0]) }
    try checkGradients(at: [positive]) { try log($0[0]) }
    try checkGradients(at: [positive]) { try power($0[0], -0.7) }
    try checkGradients(at: [x]) { try sum($0[0], along: [0, 2]) }
    try checkGradients(at: [x]) { try mean($0[0], along: [1], keepingAxes: true) }
    try checkGradients(at: [x]) { try maximum($0[0], along: 1) }
    try checkGradients(at: [x]) { try broadcast($0[0], to: [2, 2, 3, 2]) }
    try checkGradients(at: [x]) { try permute($0[0], [2, 0, 1]) }
    try checkGradients(at: [x]) { try slice($0[0], 1..<3, along: 1) * slice($0[0], 0..<2, along: 1) }
    try checkGradients(at: [x, .normal([2, 1, 2], seed: 2)]) { try concatenate($0, along: 1) }
    try checkGradients(at: [x, .normal([2, 3], seed: 2)]) { try matrixProduct($0[0], $0[1]) }
    try checkGradients(at: [x, .normal([2, 1, 2, 2], seed: 2)]) { try matrixProduct($0[0], $0[1]) }
  }

  /// Layer normalization out of parts.
  @Test func anOperationOfPartsHasItsGradient() throws {
    try checkGradients(at: [.normal([3, 5], seed: 1), .normal([5], seed: 2), .normal([5], seed: 3)]) {
      let centred = try $0[0] - mean($0[0], along: [-1], keepingAxes: true)
      let variance = try mean(square(centred), along: [-1], keepingAxes: true)
      return try centred / squareRoot(variance + 1e-3) * $0[1] + $0[2]
    }
  }

  /// Against one element at a time, with the indices counted out.
  @Test(arguments: 0..<60) func broadcastingAgreesWithCounting(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    func number(_ range: Range<Int>) -> Int { range.randomElement(using: &random) ?? 0 }
    let sizes = (0..<number(1..<6)).map { _ in number(1..<4) }
    func operand() throws -> Tensor {
      let dropped = number(0..<3) == 0 ? number(0..<sizes.count + 1) : 0
      return Tensor.normal(Shape(sizes.dropFirst(dropped).map { number(0..<3) == 0 ? 1 : $0 }), &random)
    }
    let (a, b) = (try operand(), try operand())
    let rank = max(a.shape.rank, b.shape.rank)
    func size(_ shape: Shape, _ axis: Int) -> Int {
      axis < rank - shape.rank ? 1 : shape[axis - rank + shape.rank]
    }
    let shape = Shape((0..<rank).map { max(size(a.shape, $0), size(b.shape, $0)) })
    func element(_ tensor: Tensor, _ index: Int) -> Float {
      var (rest, place, stride) = (index, 0, 1)
      for axis in (0..<rank).reversed() {
        let position = rest % shape[axis]
        rest /= shape[axis]
        if size(tensor.shape, axis) > 1 { place += position * stride }
        stride *= size(tensor.shape, axis)
      }
      return tensor.array[place]
    }
    let expected = (0..<shape.count).map { element(a, $0) - element(b, $0) }
    // The memory that the result gets was last full of NaN.
    _ = Tensor(repeating: .nan, shape: shape)
    let result = try a - b
    #expect(result.shape == shape)
    #expect(result.array == expected, "\(a.shape) - \(b.shape)")
    #expect(try broadcast(b, to: shape).array == (0..<shape.count).map { element(b, $0) })

    // The sums over what was repeated are the adjoint of the repetition.
    let tape = Tape()
    let weights = Tensor.normal(shape, &random)
    let total = try sum(broadcast(tape.watch(b), to: shape) * weights)
    let back = try #require(tape.gradients(of: total)[0])
    let dot = zip(back.array, b.array).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    #expect(abs(dot - Double(try total.item())) < 1e-4)
  }

  @Test func nothingIsEmptyOrHugeWithoutAnAnswer() throws {
    let empty = Tensor.zeros([2, 0, 3])
    #expect(try (empty + Tensor.zeros([3])).shape == [2, 0, 3])
    #expect(try sum(empty, along: [1]).array == [0, 0, 0, 0, 0, 0])
    #expect(try sum(empty).item() == 0)
    #expect(try permute(empty, [1, 2, 0]).shape == [0, 3, 2])
    #expect(try concatenate([empty, .zeros([2, 1, 3])], along: 1).shape == [2, 1, 3])
    #expect(try slice(empty, 1..<1, along: 0).shape == [0, 0, 3])
    #expect(try matrixProduct(Tensor.zeros([2, 0]), .zeros([0, 3])).array == [0, 0, 0, 0, 0, 0])
    #expect(throws: ShapeError.self) { try mean(empty) }
    #expect(throws: ShapeError.self) { try maximum(empty, along: 1) }

    let huge = Tensor.zeros([0, 1 << 20, 1 << 40])
    #expect(try (huge + huge).count == 0)
    #expect(try permute(huge, [1, 2, 0]).shape == [1 << 20, 1 << 40, 0])
    #expect(try matrixProduct(huge, .zeros([1 << 40, 0])).count == 0)
    let long = Tensor.zeros([0, 1 << 62])
    #expect(throws: ShapeError.self) { try concatenate([long, long], along: 1) }
  }

  @Test func emptyOperandsHaveGradients() throws {
    try checkGradients(at: [.zeros([0, 3]), .normal([3], seed: 1)]) { try $0[0] * $0[1] }
    try checkGradients(at: [.zeros([0, 2, 3]), .normal([1, 3, 2], seed: 1)]) {
      try matrixProduct($0[0], $0[1])
    }
    try checkGradients(at: [.zeros([2, 0]), .zeros([0, 3])]) { try matrixProduct($0[0], $0[1]) }
  }

  @Test func equalMaximaGoToTheFirstAndNaNStays() throws {
    let tape = Tape()
    let x = tape.watch(Tensor([1, 3, 3]))
    #expect(try tape.gradients(of: maximum(x, along: 0))[0]?.array == [0, 1, 0])
    #expect(try maximum(Tensor([1, .nan, 3]), along: 0).item().isNaN)
    #expect(try maximum(Tensor([-.infinity, -.infinity]), along: 0).item() == -.infinity)
  }

  @Test func wrongShapesThrow() {
    let x = Tensor.zeros([2, 3])
    #expect(throws: ShapeError.self) { try x + Tensor.zeros([2]) }
    #expect(throws: ShapeError.self) { try x / Tensor.zeros([2, 2]) }
    #expect(throws: ShapeError.self) { try sum(x, along: [2]) }
    #expect(throws: ShapeError.self) { try sum(x, along: [0, -2]) }
    #expect(throws: ShapeError.self) { try broadcast(x, to: [3]) }
    #expect(throws: ShapeError.self) { try broadcast(x, to: [1, 3]) }
    #expect(throws: ShapeError.self) { try permute(x, [0]) }
    #expect(throws: ShapeError.self) { try permute(x, [0, 0]) }
    #expect(throws: ShapeError.self) { try transpose(Tensor([1])) }
    #expect(throws: ShapeError.self) { try concatenate([], along: 0) }
    #expect(throws: ShapeError.self) { try concatenate([x, .zeros([2, 4])], along: 0) }
    #expect(throws: ShapeError.self) { try concatenate([Tensor(scalar: 1)], along: 0) }
    #expect(throws: ShapeError.self) { try slice(x, 1..<4, along: 1) }
    #expect(throws: ShapeError.self) { try slice(x, -1..<1, along: 1) }
    #expect(throws: ShapeError.self) { try split(x, into: [1, 1], along: 1) }
    #expect(throws: ShapeError.self) { try split(x, into: [4, -1], along: 1) }
    #expect(throws: ShapeError.self) { try split(x, into: [.max, .max], along: 1) }
    #expect(throws: ShapeError.self) { try matrixProduct(x, x) }
    #expect(throws: ShapeError.self) { try matrixProduct(x, Tensor.zeros([3])) }
    #expect(throws: ShapeError.self) { try maximum(x, along: 2) }
  }
}
