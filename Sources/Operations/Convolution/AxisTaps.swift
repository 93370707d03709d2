/// Places of an axis that have the same elements of the kernel over them, equally far apart: windows, or the pixels that windows
/// reach. Those near the ends have fewer than those in the middle.
struct AxisTaps {
  /// The elements of the kernel.
  let elements: [Int]

  /// Where the source of each lies, counted from that of the first.
  let steps: [Int]

  /// The places, and the source of the first element of each.
  private(set) var places: [(target: Int, source: Int)] = []
}

extension WindowAxis {
  /// The windows, whose sources are the pixels under them, without padding.
  var tapsOfWindows: [AxisTaps] {
    var taps = [Taps](repeating: Taps(), count: count)
    forEachTap { element, window, pixel in taps[window].append(element, pixel) }
    return AxisTaps.grouped(taps)
  }

  /// The pixels, whose sources are the windows that lie over them.
  var tapsOfPixels: [AxisTaps] {
    var taps = [Taps](repeating: Taps(), count: size)
    forEachTap { element, window, pixel in taps[pixel].append(element, window) }
    return AxisTaps.grouped(taps)
  }

  /// How often an element of a window lies in the image.
  var tapCount: Int { (0..<kernel).reduce(0) { $0 + windows($1).count } }

  private func forEachTap(_ body: (_ element: Int, _ window: Int, _ pixel: Int) -> Void) {
    for element in 0..<kernel {
      for window in windows(element) { body(element, window, window * stride + offset(element)) }
    }
  }
}

/// What lies over or under one place.
private struct Taps {
  var elements: [Int] = []
  var sources: [Int] = []

  mutating func append(_ element: Int, _ source: Int) {
    elements.append(element)
    sources.append(source)
  }
}

extension AxisTaps {
  fileprivate static func grouped(_ taps: [Taps]) -> [AxisTaps] {
    var groups: [AxisTaps] = []
    var numbers: [[Int]: Int] = [:]
    for (place, taps) in taps.enumerated() {
      let first = taps.sources.first ?? 0
      let steps = taps.sources.map { $0 - first }
      let number = numbers[taps.elements + steps, default: groups.count]
      if number == groups.count {
        numbers[taps.elements + steps] = number
        groups.append(AxisTaps(elements: taps.elements, steps: steps))
      }
      groups[number].places.append((place, first))
    }
    return groups
  }
}
