import Tensors

/// Where the windows of a kernel lie along one axis of an image.
///
/// Element `k` of window `o` lies at `o · stride + k · dilation − before`: in the image, if that is in `0..<size`, and else
/// in its padding.
public struct WindowAxis: Sendable, Hashable {
  /// Elements of the image.
  public let size: Int
  /// Elements of the kernel.
  public let kernel: Int
  /// From one window to the next.
  public let stride: Int
  /// From one element of a window to the next.
  public let dilation: Int
  /// Padding before the image.
  public let before: Int
  /// Padding after the image.
  public let after: Int
  /// The number of windows, which is the size of the output.
  public let count: Int

  /// Beyond this a number is taken for a mistake; the product of any two fits an `Int` twice.
  static let limit = Int(Int32.max)

  /// What a size can be.
  static let sizes = 1...limit

  /// The one window of one element that stands for an axis that is not there.
  static let single = WindowAxis(
    size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, count: 1)

  private init(size: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int, count: Int) {
    (self.size, self.kernel, self.stride, self.dilation) = (size, kernel, stride, dilation)
    (self.before, self.after, self.count) = (before, after, count)
  }

  /// The windows that fit into an image with its padding; `nil` for the padding is `same`.
  init(
    _ site: String, _ axis: String, size: Int, kernel: Int, stride: Int, dilation: Int,
    padding: (before: Int, after: Int)?
  ) throws(ShapeError) {
    let reach = try Self.reach(site, axis, size: size, kernel: kernel, stride: stride, dilation: dilation)
    if let padding {
      try Self.check(site, axis, padding)
      let room = size + padding.before + padding.after - reach
      guard room >= 0 else {
        throw ShapeError(
          site, expected: "a \(axis) of at least \(reach) for a kernel \(kernel) of dilation \(dilation)",
          got: "\(size) with padding \(padding.before) and \(padding.after)")
      }
      guard room / stride < Self.limit else {
        throw ShapeError(
          site, expected: "an output \(axis) from 1 to \(Self.limit)", got: "\(room / stride + 1)")
      }
      self.init(
        size: size, kernel: kernel, stride: stride, dilation: dilation,
        before: padding.before, after: padding.after, count: room / stride + 1)
    } else {
      let count = (size - 1) / stride + 1
      let total = max(0, (count - 1) * stride + reach - size)
      self.init(
        size: size, kernel: kernel, stride: stride, dilation: dilation,
        before: total / 2, after: total - total / 2, count: count)
    }
  }

  /// The image that a transposed convolution makes from an input of `count` elements:
  /// (count − 1) · stride + reach − padding + extra of them, or count · stride where the padding is `same`.
  init(
    _ site: String, _ axis: String, transposing count: Int, kernel: Int, stride: Int, dilation: Int,
    padding: (before: Int, after: Int)?, extra: Int
  ) throws(ShapeError) {
    let reach = try Self.reach(site, axis, size: count, kernel: kernel, stride: stride, dilation: dilation)
    guard extra >= 0, extra < (padding == nil ? 1 : max(stride, dilation)) else {
      throw ShapeError(
        site, expected: "output padding less than the stride or the dilation, and none with padding same",
        got: "\(extra) along the \(axis)")
    }
    let span = (count - 1) * stride + reach
    let size: Int
    var (before, after) = (0, 0)
    if let padding {
      try Self.check(site, axis, padding)
      (before, after) = padding
      size = span - before - after + extra
    } else {
      size = count * stride
      let total = max(0, span - size)
      (before, after) = (total / 2, total - total / 2)
    }
    guard Self.sizes.contains(size) else {
      throw ShapeError(
        site, expected: "an output \(axis) from 1 to \(Self.limit)", got: "\(size)")
    }
    self.init(
      size: size, kernel: kernel, stride: stride, dilation: dilation,
      before: before, after: after, count: count)
  }

  /// From a window's first element to its last, both counted.
  private static func reach(
    _ site: String, _ axis: String, size: Int, kernel: Int, stride: Int, dilation: Int
  ) throws(ShapeError) -> Int {
    for (name, value) in [("size", size), ("kernel", kernel), ("stride", stride), ("dilation", dilation)] {
      guard sizes.contains(value) else {
        throw ShapeError(site, expected: "a \(name) from 1 to \(limit) along the \(axis)", got: value)
      }
    }
    return (kernel - 1) * dilation + 1
  }

  private static func check(_ site: String, _ axis: String, _ padding: (before: Int, after: Int))
    throws(ShapeError)
  {
    for value in [padding.before, padding.after] {
      guard value >= 0, value <= limit else {
        throw ShapeError(site, expected: "padding from 0 to \(limit) along the \(axis)", got: value)
      }
    }
  }

  /// Where element `index` of window 0 lies.
  @inline(__always)
  func offset(_ index: Int) -> Int { index * dilation - before }

  /// The windows whose element `index` lies in the image.
  @inline(__always)
  func windows(_ index: Int) -> Range<Int> {
    let offset = offset(index)
    let end = offset >= size ? 0 : min(count, (size - offset + stride - 1) / stride)
    let start = offset >= 0 ? 0 : (stride - 1 - offset) / stride
    return min(start, end)..<end
  }

  /// Whether every window has an element in the image.
  var everyWindowTouchesTheImage: Bool {
    func touches(_ window: Int) -> Bool {
      let start = window * stride - before
      let first = start >= 0 ? 0 : (dilation - 1 - start) / dilation
      return first < kernel && start + first * dilation < size
    }
    let beginningBefore = min(count, (before + stride - 1) / stride)
    return before <= (kernel - 1) * dilation && touches(count - 1)
      && (0..<beginningBefore).allSatisfy(touches)
  }
}
