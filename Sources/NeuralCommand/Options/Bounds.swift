import ArgumentParser

/// Checks a whole number that an option gives.
///
/// - Parameter most: numbers beyond this are taken for a mistake.
/// - Throws: `ValidationError` that names the option, if the number is below `least` or above `most`.
func check(_ option: String, _ value: Int?, atLeast least: Int = 1, atMost most: Int = 1 << 24) throws {
  guard let value else { return }
  if value < least { throw ValidationError("\(option) is at least \(least), not \(value)") }
  if value > most { throw ValidationError("\(option) is at most \(most), not \(value)") }
}
