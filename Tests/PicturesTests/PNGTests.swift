#if PNG
  import Interchange
  import Pictures
  import Tensors
  import TestSupport
  import Testing

  @Suite struct PNGTests {
    private func picture(_ channels: Int, _ height: Int, _ width: Int) -> Tensor {
      var random = RandomSource(seed: 3)
      return Tensor(shape: [channels, height, width]) { elements in
        for index in elements.indices {
          elements[index] = Float(Int.random(in: 0...255, using: &random)) / 255
        }
      }
    }

    @Test(arguments: [1, 3], [(1, 1), (5, 3), (28, 28), (2, 300)]) func aPictureComesBack(
      _ channels: Int, _ size: (height: Int, width: Int)
    ) throws {
      let folder = try TemporaryFolder()
      let (path, picture) = (folder.path(of: "a.png"), picture(channels, size.height, size.width))
      try PNG.write(picture, to: path)
      #expect(try PNG.read(path) == picture)
      let first = try bytes(of: path)
      #expect(first.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      try PNG.write(picture, to: path)
      #expect(try bytes(of: path) == first)
    }

    @Test func valuesOutsideAreCutOff() throws {
      let folder = try TemporaryFolder()
      let path = folder.path(of: "a.png")
      try PNG.write(Tensor([-1, 0.25, 2, .nan], shape: [1, 2, 2]), to: path)
      expectClose(try PNG.read(path).array, [0, 64.0 / 255, 1, 0], tolerance: 1e-6)
    }

    @Test func whatIsNoPictureIsRefused() throws {
      let folder = try TemporaryFolder()
      for shape: Shape in [[2, 3, 3], [3, 3], [1, 0, 3], [1, 1, 1, 1]] {
        #expect(throws: ShapeError.self) { try PNG.write(.zeros(shape), to: folder.path(of: "a")) }
      }
      #expect(throws: FileError.self) { try PNG.write(.zeros([1, 2, 2]), to: folder.path(of: "none/a.png")) }
      #expect(throws: FileError.self) { try PNG.read(folder.path(of: "absent.png")) }
      let text = try folder.file("text", "no picture")
      #expect(message { _ = try PNG.read(text) }.contains("libpng says"))
    }

    @Test func anyFileIsReadOrRefused() throws {
      let folder = try TemporaryFolder()
      let path = folder.path(of: "a.png")
      try PNG.write(picture(3, 6, 5), to: path)
      try withMutations(of: bytes(of: path), count: 20_000, "png") { bytes in
        do { _ = try PNG.read(folder.file("mutated.png", bytes)) } catch { #expect(error is FileError) }
      }
    }

    @Test func imagesSideBySide() throws {
      let images = try Tensor((0..<12).map(Float.init), shape: [3, 1, 2, 2])
      let tiled = try images.tiled(columns: 2, frame: 9)
      #expect(tiled.shape == [1, 7, 7])
      let rows: [[Float]] = [
        [9, 9, 9, 9, 9, 9, 9],
        [9, 0, 1, 9, 4, 5, 9],
        [9, 2, 3, 9, 6, 7, 9],
        [9, 9, 9, 9, 9, 9, 9],
        [9, 8, 9, 9, 9, 9, 9],
        [9, 10, 11, 9, 9, 9, 9],
        [9, 9, 9, 9, 9, 9, 9],
      ]
      #expect(tiled.array == rows.flatMap(\.self))
      #expect(throws: ShapeError.self) { try images.tiled(columns: 0) }
      #expect(throws: ShapeError.self) { try Tensor.zeros([2, 2]).tiled(columns: 1) }
    }
  }
#endif
