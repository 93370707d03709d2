import Tensors

/// What a normalization's way back adds up: Σ e ∘ x̂ and Σ e of channels.
struct ErrorSums {
  let products, errors: [Double]

  private init(products: [Double], errors: [Double]) {
    (self.products, self.errors) = (products, errors)
  }

  /// Of a block of channels.
  init(of e: UnsafePointer<Float>, times x: UnsafePointer<Float>, _ channels: Channels, _ block: Range<Int>) {
    products = channels.sums(of: e, times: x, in: block)
    errors = channels.sums(of: e, in: block)
  }

  /// Of all channels.
  static func ofAll(_ channels: Channels, _ error: Tensor, times normalized: Tensor) -> ErrorSums {
    var products = [Double](repeating: 0, count: channels.count)
    var errors = products
    products.withUnsafeMutableBufferPointer { products in
      errors.withUnsafeMutableBufferPointer { errors in
        error.withUnsafePointer { e in
          normalized.withUnsafePointer { x in
            channels.parallel { block in
              let sums = ErrorSums(of: e, times: x, channels, block)
              for (index, channel) in block.enumerated() {
                (products[channel], errors[channel]) = (sums.products[index], sums.errors[index])
              }
            }
          }
        }
      }
    }
    return ErrorSums(products: products, errors: errors)
  }

  /// Of some of these channels.
  subscript(block: Range<Int>) -> ErrorSums {
    ErrorSums(products: Array(products[block]), errors: Array(errors[block]))
  }
}
