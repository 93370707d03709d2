import Testing

@Suite("Matrix times vector, outer product")
struct GemvTests {
  /// Against the definition in double precision, within Higham's bound for a sum; steps and gaps keep their bits.
  private func check<T: Precision>(
    _ type: T.Type, _ transposed: Bool, _ rows: Int, _ columns: Int, alpha: T, beta: T, incx: Int, incy: Int,
    gap: Int
  ) {
    var random = SeededGenerator(seed: 6)
    let lda = columns + gap
    let (count, length) = transposed ? (columns, rows) : (rows, columns)
    let a: [T] = random.numbers(max(1, rows * lda))
    let x: [T] = random.numbers(max(1, length * incx))
    let before: [T] =
      beta == 0 ? Array(repeating: .nan, count: max(1, count * incy)) : random.numbers(count * incy + 1)
    var y = before
    T.gemv(transposed, rows, columns, alpha, a, lda, x, incx, beta, &y, incy)
    for i in before.indices {
      guard i % incy == 0, i / incy < count else {
        #expect(isIdentical(y[i], before[i]), "wrote between the elements of y")
        continue
      }
      var (sum, size) = (0.0, 0.0)
      for j in 0..<length {
        let product = Double(a[transposed ? j * lda + i / incy : i / incy * lda + j]) * Double(x[j * incx])
        sum += product
        size += abs(product)
      }
      let old = beta == 0 ? 0 : Double(beta) * Double(before[i])
      let bound = Double(length + 3) * Double(T.ulpOfOne) * (abs(Double(alpha)) * size + abs(old))
      let error = abs(Double(y[i]) - (Double(alpha) * sum + old))
      #expect(
        error <= bound,
        "\(T.self) \(transposed) \(rows)×\(columns) α \(alpha) β \(beta) steps \(incx), \(incy) gap \(gap): \(i)"
      )
    }
  }

  private func checkAll<T: Precision>(_ type: T.Type) {
    let sizes = [
      (0, 0), (0, 3), (3, 0), (1, 1), (1, 40), (40, 1), (5, 7), (8, 16), (17, 33), (30, 67), (70, 130),
    ]
    for (rows, columns) in sizes {
      for transposed in [false, true] {
        for (incx, incy, gap) in [(1, 1, 0), (3, 1, 2), (1, 2, 5), (2, 3, 1)] {
          for alpha in [0, 1, -0.5] as [T] {
            for beta in [0, 1, -0.5] as [T] {
              check(
                type, transposed, rows, columns, alpha: alpha, beta: beta, incx: incx, incy: incy, gap: gap)
            }
          }
        }
      }
    }
  }

  @Test("gemv: every transpose, α, β, step and gap")
  func products() {
    checkAll(Float.self)
    checkAll(Double.self)
  }

  private func checkOuter<T: Precision>(
    _ type: T.Type, _ rows: Int, _ columns: Int, _ alpha: T, _ steps: (Int, Int, Int)
  ) {
    var random = SeededGenerator(seed: 7)
    let (incx, incy, gap) = steps
    let lda = columns + gap
    let x: [T] = random.numbers(rows * incx + 1)
    let y: [T] = random.numbers(columns * incy + 1)
    let before: [T] = random.numbers(rows * lda + 1)
    var a = before
    T.ger(rows, columns, alpha, x, incx, y, incy, &a, lda)
    for i in a.indices {
      guard i < rows * lda, i % lda < columns else {
        #expect(isIdentical(a[i], before[i]), "wrote between the rows")
        continue
      }
      let term = Double(alpha) * Double(x[i / lda * incx]) * Double(y[i % lda * incy])
      let error = abs(Double(a[i]) - (Double(before[i]) + term))
      #expect(error <= 3 * Double(T.ulpOfOne) * (abs(Double(before[i])) + abs(term)))
    }
  }

  @Test("ger: every α, step and gap")
  func outer() {
    for (rows, columns) in [(0, 0), (0, 4), (4, 0), (1, 1), (5, 9), (17, 40)] {
      for steps in [(1, 1, 0), (2, 3, 1), (1, 2, 4)] {
        for alpha in [0.0, 1, -0.7] {
          checkOuter(Float.self, rows, columns, Float(alpha), steps)
          checkOuter(Double.self, rows, columns, alpha, steps)
        }
      }
    }
  }
}
