import ArgumentParser
import Foundation
import NeuralNetworks

/// GFLOP/s against the size of square products: both backends and the peak, as an SVG that follows the reader's light or
/// dark scheme.
struct ProductPlot {
  private struct Curve {
    let name: String
    let style: String
    let points: [(size: Int, gflops: Double)]
  }

  private let title: String
  private let sizes: [Int]
  private let curves: [Curve]
  private let top: Double

  private let width = 760.0
  private let height = 420.0
  private let margin = (left: 56.0, right: 96.0, top: 44.0, bottom: 48.0)

  /// - Throws: `ValidationError` if fewer than two of the rows are of square matrices.
  init(_ rows: [ProductRow]) throws {
    let squares = rows.filter { $0.m == $0.n && $0.n == $0.k && $0.transposes == "NN" }.sorted { $0.m < $1.m }
    sizes = Set(squares.map(\.m)).sorted()
    guard sizes.count > 1, let first = squares.first else {
      throw ValidationError("--plot needs two sizes of square matrices or more, such as --size 64,64,64")
    }
    title =
      "Square matrix products, \(first.precision.rawValue) precision, \(first.threads) thread"
      + (first.threads > 1 ? "s" : "")
    curves = [
      Curve(name: "peak", style: "peak", points: squares.map { ($0.m, $0.peakGflops) }),
      Curve(
        name: "OpenBLAS", style: "openblas",
        points: squares.compactMap { row in row.openblasGflops.map { (row.m, $0) } }),
      Curve(name: "Swift", style: "swift", points: squares.map { ($0.m, $0.swiftGflops) }),
    ].filter { !$0.points.isEmpty }
    top = curves.flatMap(\.points).map(\.gflops).reduce(1, max) * 1.05
  }

  /// Replaces the file at `path`.
  func write(to path: String) throws {
    try AtomicFile.write(Data(svg.utf8), to: path)
  }

  private var svg: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(title)">
    <style>
      text { font: 13px sans-serif; fill: #333 }
      .title { font-size: 15px }
      .grid { stroke: #8884; stroke-width: 1 }
      polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round }
      .peak { stroke: #888; fill: #777 } polyline.peak { stroke-dasharray: 6 4 }
      .openblas { stroke: #1f6fd0; fill: #1f6fd0 }
      .swift { stroke: #d4471c; fill: #d4471c }
      polyline.peak, polyline.openblas, polyline.swift { fill: none }
      text.peak, text.openblas, text.swift { stroke: none }
      @media (prefers-color-scheme: dark) {
        text { fill: #ddd }
        .peak { stroke: #aaa } text.peak { fill: #aaa }
        .openblas { stroke: #6cb0ff; fill: #6cb0ff }
        .swift { stroke: #ff8a5c; fill: #ff8a5c }
      }
    </style>
    <text class="title" x="\(margin.left)" y="24">\(title)</text>
    \(axes)
    \(lines)
    </svg>

    """
  }

  private var axes: String {
    let step = [1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1000].first { top / $0 <= 8 } ?? top / 5
    let rates = stride(from: 0, through: top, by: step).map { rate in
      """
      <line class="grid" x1="\(margin.left)" x2="\(width - margin.right)" y1="\(y(rate))" y2="\(y(rate))"/>
      <text x="\(margin.left - 8)" y="\(y(rate) + 4)" text-anchor="end">\(Int(rate))</text>
      """
    }
    let labels = sizes.filter { $0 & ($0 - 1) == 0 || sizes.count < 8 }.map { size in
      "<text x=\"\(x(size))\" y=\"\(height - margin.bottom + 20)\" text-anchor=\"middle\">\(size)</text>"
    }
    let names = [
      "<text x=\"\(margin.left - 40)\" y=\"\(margin.top - 4)\">GFLOP/s</text>",
      "<text x=\"\((margin.left + width - margin.right) / 2)\" y=\"\(height - 8)\" text-anchor=\"middle\">m = n = k</text>",
    ]
    return (rates + labels + names).joined(separator: "\n")
  }

  /// Each curve, with its name at its end; names that would touch are moved apart.
  private var lines: String {
    var lowest = -Double.infinity
    let ends = curves.sorted { ($0.points.last?.gflops ?? 0) > ($1.points.last?.gflops ?? 0) }
    return ends.map { curve in
      let points = curve.points.map { "\(x($0.size)),\(y($0.gflops))" }.joined(separator: " ")
      lowest = max(lowest + 16, y(curve.points.last?.gflops ?? 0))
      return """
        <polyline class="\(curve.style)" points="\(points)"/>
        <text class="\(curve.style)" x="\(width - margin.right + 8)" y="\(lowest + 4)">\(curve.name)</text>
        """
    }.joined(separator: "\n")
  }

  /// Sizes on a logarithmic axis.
  private func x(_ size: Int) -> Double {
    let (first, last) = (log2(Double(sizes[0])), log2(Double(sizes[sizes.count - 1])))
    let share = (log2(Double(size)) - first) / (last - first)
    return tenth(margin.left + share * (width - margin.left - margin.right))
  }

  private func y(_ gflops: Double) -> Double {
    tenth(height - margin.bottom - gflops / top * (height - margin.top - margin.bottom))
  }

  private func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
