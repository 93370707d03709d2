import Tensors

extension Examples {
  /// The values of a series, each to be told from the `lags` values before it.
  ///
  /// | value | shape |
  /// |---|---|
  /// | inputs | `[series.count − lags, lags]`, the oldest value first |
  /// | targets | `[series.count − lags, 1]` |
  ///
  /// - Throws: ``DataError`` if a value is not finite; ``ShapeError`` if there is no lag, or the series has no more values.
  public init(lags: Int, of series: [Float]) throws {
    guard lags > 0, series.count > lags else {
      throw ShapeError("Examples", expected: "more values than \(max(1, lags)) lags", got: series.count)
    }
    let count = series.count - lags
    try self.init(
      inputs: Tensor((0..<count).flatMap { series[$0..<$0 + lags] }, shape: [count, lags]),
      targets: .values(Tensor(series[lags...], shape: [count, 1])))
  }
}
