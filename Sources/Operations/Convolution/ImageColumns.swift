import Tensors

/// The pixels under a run of consecutive windows, a window to a column: what makes a convolution a matrix product.
///
/// Row (channel, i, j) of the matrix holds, for each window, the pixel under element (i, j) of the kernel, or 0 where
/// that lies in the padding. ``gather(from:into:)`` makes the matrix of an image; ``scatter(_:to:)`` is its adjoint and
/// adds each element to the pixel that it came from. (Known as im2col and col2im; Chellapilla, Puri and Simard, 2006.)
package struct ImageColumns {
  let geometry: ConvolutionGeometry

  /// The windows.
  let piece: WindowPiece

  /// The first window, counted through all rows.
  package var start: Int { piece.start }

  /// The number of windows.
  package var count: Int { piece.count }

  /// Fills the matrix with the pixels of a group's channels.
  func gather(from image: UnsafePointer<Float>, into matrix: UnsafeMutablePointer<Float>) {
    let (stride, length) = (geometry.width.stride, piece.columns.count)
    forEachRun { element, lead, run, pixel in
      let target = matrix + element
      target.update(repeating: 0, count: lead)
      (target + lead + run).update(repeating: 0, count: length - lead - run)
      let (source, inside) = (image + pixel, target + lead)
      if stride == 1 {
        inside.update(from: source, count: run)
      } else {
        for index in 0..<run { inside[index] = source[index &* stride] }
      }
    }
  }

  /// Adds the elements of the matrix to the pixels of a group's channels.
  func scatter(_ matrix: UnsafePointer<Float>, to image: UnsafeMutablePointer<Float>) {
    let stride = geometry.width.stride
    forEachRun { element, lead, run, pixel in
      let (source, target) = (matrix + element + lead, image + pixel)
      if stride == 1 {
        for index in 0..<run { target[index] += source[index] }
      } else {
        for index in 0..<run { target[index &* stride] += source[index] }
      }
    }
  }

  /// Calls `body` for the part of each of the matrix's rows that belongs to one row of windows: the index of its first
  /// element, how many elements lie in the padding before the image, how many then lie in the image, and the first of
  /// those pixels.
  @inline(__always)
  private func forEachRun(_ body: (_ element: Int, _ lead: Int, _ run: Int, _ pixel: Int) -> Void) {
    let (height, width) = (geometry.height, geometry.width)
    let (rows, columns) = (piece.rows, piece.columns)
    var element = 0
    for channel in 0..<geometry.groupInputs {
      for i in 0..<height.kernel {
        let rowsInside = height.windows(i)
        for j in 0..<width.kernel {
          let inside = width.windows(j).clamped(to: columns)
          let column = inside.lowerBound * width.stride + width.offset(j)
          for row in rows {
            if rowsInside.contains(row), !inside.isEmpty {
              let line = channel * height.size + row * height.stride + height.offset(i)
              body(element, inside.lowerBound - columns.lowerBound, inside.count, line * width.size + column)
            } else {
              body(element, columns.count, 0, 0)
            }
            element += columns.count
          }
        }
      }
    }
  }
}

extension ConvolutionGeometry {
  /// The most elements of a matrix of columns, 2 MiB, where that leaves room for a few windows.
  private static let mostElements = 1 << 19

  /// Windows at a time, as many as a matrix of columns is meant to hold.
  private var windowsAtOnce: Int { max(16, Self.mostElements / filter) }

  /// Elements of the largest matrix of columns.
  package var columnElements: Int { filter * min(windows, windowsAtOnce) }

  /// Calls `body` for all windows in their order, so many at a time that a matrix of columns keeps its size.
  package func forEachColumns(_ body: (ImageColumns) -> Void) {
    forEachPiece(of: windowsAtOnce) { body(ImageColumns(geometry: self, piece: $0)) }
  }
}
