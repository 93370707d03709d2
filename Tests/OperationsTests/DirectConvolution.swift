import Operations
import Tensors

/// The formulas of convolution and its gradients, each a loop over every term in double precision: what the fast products are
/// compared with.
struct DirectConvolution {
  let geometry: ConvolutionGeometry

  /// Calls `body` with the numbers of the elements of every product image · weight that goes into a response.
  private func forEachTerm(_ body: (_ image: Int, _ weight: Int, _ response: Int) -> Void) {
    let g = geometry
    let (inputs, outputs) = (g.inputs / g.groups, g.outputs / g.groups)
    for n in 0..<g.batch {
      for o in 0..<g.outputs {
        for y in 0..<g.height.count {
          for x in 0..<g.width.count {
            let response = ((n * g.outputs + o) * g.height.count + y) * g.width.count + x
            for c in 0..<inputs {
              for i in 0..<g.height.kernel {
                for j in 0..<g.width.kernel {
                  let row = y * g.height.stride + i * g.height.dilation - g.height.before
                  let column = x * g.width.stride + j * g.width.dilation - g.width.before
                  guard row >= 0, row < g.height.size, column >= 0, column < g.width.size else { continue }
                  let channel = o / outputs * inputs + c
                  body(
                    ((n * g.inputs + channel) * g.height.size + row) * g.width.size + column,
                    ((o * inputs + c) * g.height.kernel + i) * g.width.kernel + j, response)
                }
              }
            }
          }
        }
      }
    }
  }

  func response(_ image: [Float], _ weight: [Float]) -> [Float] {
    var sums = [Double](repeating: 0, count: geometry.responseShape.count)
    forEachTerm { sums[$2] += Double(image[$0]) * Double(weight[$1]) }
    return sums.map(Float.init)
  }

  func image(_ response: [Float], _ weight: [Float]) -> [Float] {
    var sums = [Double](repeating: 0, count: geometry.imageShape.count)
    forEachTerm { sums[$0] += Double(response[$2]) * Double(weight[$1]) }
    return sums.map(Float.init)
  }

  func weightGradient(_ image: [Float], _ response: [Float]) -> [Float] {
    var sums = [Double](repeating: 0, count: geometry.weightShape.count)
    forEachTerm { sums[$1] += Double(image[$0]) * Double(response[$2]) }
    return sums.map(Float.init)
  }
}
