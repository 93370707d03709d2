import Tensors

/// The handwritten digits that come with the library: 1,797 images of 8 × 8 pixels, in ten classes.
///
/// "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, licensed
/// under CC BY 4.0, https://doi.org/10.24432/C50P49: the test part of the data, a pixel counting the dark ones among
/// 4 × 4 of the scanned image.
public enum Digits {
  /// The height and width of an image.
  public static let imageShape: Shape = [8, 8]

  /// What the labels 0 to 9 stand for.
  public static let labelNames = (0...9).map(String.init)

  /// All images in a fixed split: every fifth, from the fifth on, is for testing.
  ///
  /// The inputs have the shape `[examples, 64]`, a row of pixels after the other, from 0 (background) to 1 in steps
  /// of 1/16.
  public static func load() -> (training: Examples, test: Examples) {
    let all = images()
    let isTest = { $0 % 5 == 4 }
    return (
      all.selecting((0..<all.count).filter { !isTest($0) }), all.selecting((0..<all.count).filter(isTest))
    )
  }

  private static func images() -> Examples {
    digitPixels.withUTF8Buffer { text in
      // A line is the pixels, the label and a line feed, which the last line goes without.
      let pixels = imageShape.count
      let line = pixels + 2
      let count = (text.count + 1) / line
      let inputs = Tensor(shape: [count, pixels]) { elements in
        for index in elements.indices {
          let value = digit(text[index / pixels * line + index % pixels])
          elements.initializeElement(at: index, to: Float(value) / 16)
        }
      }
      let labels = (0..<count).map { digit(text[$0 * line + pixels]) }
      return Examples(unchecked: inputs, .labels(labels, classes: labelNames.count))
    }
  }

  /// The value of `0`…`9` and `A`…`G`.
  private static func digit(_ character: UInt8) -> Int {
    Int(character) - Int(UInt8(ascii: "0")) - (character < UInt8(ascii: "A") ? 0 : 7)
  }
}
