import Foundation

/// What was measured of one product on both backends: an object of the JSON, a row of the table.
struct ProductRow: Codable {
  let m, n, k: Int
  let transposes: String
  let precision: Precision
  let threads: Int
  let pinned: Bool

  /// Medians, and half the distance between the quartiles as a fraction of them.
  var openblasGflops: Double?
  var openblasSpread: Double?
  let swiftGflops: Double
  let swiftSpread: Double

  /// OpenBLAS's time over Swift's: the median over neighbouring samples. Above 1, Swift is faster.
  var ratio: Double?

  /// ‖C·t − A·(B·t)‖ / ‖|A|·(|B|·|t|)‖ for a random t, of Swift's C and of OpenBLAS's.
  let residual: Double
  var openblasResidual: Double?

  /// What the machine can do at most: one thread's fused multiply-adds in registers, times the threads.
  let peakGflops: Double

  /// OpenBLAS's core type, and what the next best one came to.
  var openblasCore: String?
  var otherCore: String?
  var otherRatio: Double?

  /// Of rows that differ in OpenBLAS's core type alone, the one where it does best: the bar that Swift has to reach.
  static func atTheBar(_ rows: [ProductRow]) -> ProductRow? {
    let sorted = rows.sorted { $0.ratio ?? .infinity < $1.ratio ?? .infinity }
    guard var best = sorted.first, let next = sorted.dropFirst().first else { return rows.first }
    (best.otherCore, best.otherRatio) = (next.openblasCore, next.ratio)
    return best
  }
}

extension ProductRow {
  /// The table that rows fit into.
  static let table = Table([
    ("m, n, k", 16), ("op", 2), ("OpenBLAS GFLOP/s", 17), ("Swift GFLOP/s", 17), ("ratio", 6),
    ("residual", 8),
    ("of peak", 7), ("peak", 6), ("core (ratio on the next)", 28),
  ])

  /// The row's cells.
  var cells: [String] {
    func rate(_ gflops: Double?, _ spread: Double?) -> String {
      gflops.map { "\($0.text(2)) ±\(((spread ?? 0) * 100).text(1)) %" } ?? "-"
    }
    let other = otherCore.map { " (\($0) \(otherRatio?.text(3) ?? "-"))" } ?? ""
    return [
      "\(m), \(n), \(k)", transposes, rate(openblasGflops, openblasSpread), rate(swiftGflops, swiftSpread),
      ratio?.text(3) ?? "-", String(format: "%.1e", residual),
      "\((swiftGflops / peakGflops * 100).text(1)) %",
      peakGflops.text(1), (openblasCore ?? "-") + other,
    ]
  }
}
