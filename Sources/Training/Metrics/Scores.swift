import Tensors

extension Tensor {
  /// For each row along the last axis the position of its highest element: a classifier's answers. Of equal elements the
  /// first counts; NaN does not, and a row of nothing else gives -1.
  public var highestPositions: [Int] {
    guard shape.rank > 0, shape[-1] > 0 else { return [] }
    let width = shape[-1]
    return withUnsafeElements { elements in
      stride(from: 0, to: elements.count, by: width).map { start in
        var best = start
        for index in start..<start + width where elements[index] > elements[best] || elements[best].isNaN {
          best = index
        }
        return elements[best].isNaN ? -1 : best - start
      }
    }
  }

  /// How many rows have the element at their label among their `top` highest. Of equal elements the earlier ones go
  /// first, as for ``highestPositions``; NaN is never among them.
  func count(of labels: [Int], amongHighest top: Int) -> Int {
    guard shape.rank > 0, shape[-1] > 0 else { return 0 }
    let width = shape[-1]
    return withUnsafeElements { elements in
      labels.enumerated().count { row, label in
        let scores = elements[row * width..<(row + 1) * width]
        let own = scores[row * width + label]
        let before = scores.enumerated().count { place, score in
          score > own || (score == own && place < label)
        }
        return !own.isNaN && before < top
      }
    }
  }
}
