import Operations
import Tensors
import TestSupport
import Testing

@Suite(.onEveryBackend) struct ResizingTests {
  @Test func handWorkedExamples() throws {
    let x = try Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    #expect(try upsample(x, to: 4).array == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    #expect(
      try upsample(x, to: 3, by: .bilinear(alignCorners: true)).array == [1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4])
    let sequence = try Tensor([0, 4], shape: [1, 1, 2])
    #expect(try upsample(sequence, to: 4, by: .bilinear()).array == [0, 1, 3, 4])
    let padded = try pad(x, by: Margins(top: 1, bottom: 0, left: 0, right: 1), value: 9)
    #expect(padded == (try Tensor([9, 9, 9, 1, 2, 9, 3, 4, 9], shape: [1, 1, 3, 3])))
    #expect(try pad(sequence, by: 1) == Tensor([0, 0, 4, 0], shape: [1, 1, 4]))
    #expect(try flatten(x).shape == [1, 4])
    #expect(try flatten(x, from: 2).shape == [1, 1, 4])
    #expect(try flatten(x, from: 0) == Tensor([1, 2, 3, 4]))
  }

  @Test func infinityStaysInItsPlace() throws {
    let x = try Tensor([1, .infinity, 3, 4], shape: [1, 1, 2, 2])
    #expect(try upsample(x, to: 4).array.filter(\.isInfinite).count == 4)
    #expect(try upsample(x, to: 2, by: .bilinear()) == x)
    #expect(try upsample(x, to: 2, by: .bilinear(alignCorners: true)) == x)
  }

  @Test func gradientsAgreeWithDifferences() throws {
    let x = Tensor.normal([1, 2, 3, 2], seed: 1)
    for interpolation in [Interpolation.nearest, .bilinear(), .bilinear(alignCorners: true)] {
      try checkGradients(at: [x]) {
        let larger = try upsample($0[0], to: Extent(height: 5, width: 4), by: interpolation)
        return try upsample(larger, to: Extent(height: 2, width: 6), by: interpolation)
      }
      try checkGradients(at: [.normal([2, 1, 3], seed: 2)]) { try upsample($0[0], to: 5, by: interpolation) }
    }
    try checkGradients(at: [x]) {
      try pad($0[0], by: Margins(top: 1, bottom: 2, left: 0, right: 3), value: 5)
    }
    try checkGradients(at: [x]) { try reshape(activate(flatten($0[0]), .tanh), to: [3, 4]) }
  }

  /// Memory is shared on the way there, and on the way back.
  @Test func reshapingCopiesNothing() throws {
    let x = Tensor.normal([2, 6], seed: 1)
    let y = try flatten(reshape(x, to: [2, 3, 2]))
    let addresses = [x, y].map { $0.withUnsafeElements { UInt(bitPattern: $0.baseAddress) } }
    #expect(addresses[0] == addresses[1])
  }

  private struct Settings: Decodable {
    let scale: [Int]
    let size: [Int]
    let mode: String
    let corners: Bool
    let margins: [Int]
    let flatten: Bool
    let shape: [Int]
  }

  @Test(arguments: try ReferenceCase.all(in: "resizing")) func agreesWithPyTorch(_ reference: ReferenceCase)
    throws
  {
    let settings = try reference.settings(Settings.self)
    try checkOperation(against: reference) { inputs in
      let x = inputs[0]
      if settings.flatten { return try flatten(x) }
      if !settings.shape.isEmpty { return try reshape(x, to: Shape([x.shape[0]] + settings.shape)) }
      if settings.margins.count == 4 {
        let margins = settings.margins
        return try pad(
          x, by: Margins(top: margins[0], bottom: margins[1], left: margins[2], right: margins[3]))
      }
      var size = settings.size
      if size.isEmpty { size = zip(x.shape.array.dropFirst(2), settings.scale).map { $0 * $1 } }
      return try upsample(
        x, to: Extent(height: size[0], width: size[size.count - 1]),
        by: settings.mode == "nearest" ? .nearest : .bilinear(alignCorners: settings.corners))
    }
  }

  @Test func wrongShapesAndSettingsThrow() throws {
    let x = Tensor.zeros([1, 2, 4, 4])
    for bad in [0, -1, 1 << 40, .min, .max] {
      #expect(throws: ShapeError.self) { try upsample(x, to: Extent(bad)) }
      if bad != 0 { #expect(throws: ShapeError.self) { try pad(x, by: Margins(bad)) } }
    }
    for shape in [[], [4], [2, 4]] as [Shape] {
      #expect(throws: ShapeError.self) { try upsample(.zeros(shape), to: 2) }
      #expect(throws: ShapeError.self) { try pad(.zeros(shape), by: 1) }
    }
    // An axis as long as numbers go, where another is empty.
    let empty = Tensor.zeros([0, 1, .max, 1])
    #expect(throws: ShapeError.self) { try upsample(empty, to: 2) }
    #expect(throws: ShapeError.self) { try adaptiveAveragePool(empty, to: 2) }
    #expect(throws: ShapeError.self) { try pad(empty, by: 1) }
    #expect(try flatten(empty).shape == [0, .max])
    #expect(try globalMaxPool(empty).shape == [0, 1])
    #expect(throws: ShapeError.self) { try maxPool(empty, kernel: 1) }
    #expect(throws: ShapeError.self) { try convolution(empty, weight: .zeros([1, 1, 1, 1]), bias: nil) }
    #expect(throws: ShapeError.self) {
      try maxPool(.zeros([0, 1, 3, 3]), kernel: 1, padding: .margins(Margins((1 << 31) - 1)))
    }

    #expect(throws: ShapeError.self) { try reshape(x, to: [5]) }
    #expect(throws: ShapeError.self) { try flatten(x, from: 4) }
    #expect(throws: ShapeError.self) { try flatten(x, from: -1) }
    #expect(try pad(.zeros([0, 1, 2, 2]), by: 1).shape == [0, 1, 4, 4])
    #expect(try upsample(.zeros([0, 1, 2, 2]), to: 3).shape == [0, 1, 3, 3])
  }
}
