import Testing
import Training

@Suite struct ProgressLineTests {
  private func report(batch: Int = 45, batches: Int? = 120, accuracy: Float? = 0.8765) -> BatchReport {
    BatchReport(
      epoch: 3, epochs: 10, batch: batch, batches: batches, step: 285,
      soFar: Evaluation(loss: 0.43219, accuracy: accuracy))
  }

  @Test func everythingIsThereWhereThereIsRoom() {
    let line = ProgressLine(width: 100).text(report(), secondsLeft: 187)
    #expect(
      line == "epoch 3/10  ███████████░░░░░░░░░░░░░░░░░░░  45/120  loss 0.4322  accuracy 0.8765  3:07 left")
    #expect(
      ProgressLine(width: 100).text(report(batches: nil)) == "epoch 3/10  45  loss 0.4322  accuracy 0.8765")
    #expect(ProgressLine(width: 60).text(report(accuracy: nil), secondsLeft: 7509).hasSuffix("2:05:09 left"))
  }

  @Test func noLineIsWiderThanItMayBe() {
    for width in 0...130 {
      for batch in [0, 1, 119, 120, 500] {
        for (batches, seconds) in [(120, 12), (nil, nil), (0, .infinity), (1, .nan)] as [(Int?, Double?)] {
          let report = report(batch: batch, batches: batches)
          let line = ProgressLine(width: width).text(report, secondsLeft: seconds)
          #expect(line.count <= width)
          let colored = ProgressLine(width: width, isColored: true).text(report, secondsLeft: seconds)
          let plain = colored.replacing("\u{1B}[32m", with: "").replacing("\u{1B}[0m", with: "")
          #expect(plain == line)
        }
      }
    }
    #expect(ProgressLine(width: 17).text(report()) == "epoch 3/10  45/120".prefix(17))
    #expect(ProgressLine(width: -5).text(report()).isEmpty)
  }
}
