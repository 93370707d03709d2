/// The fewest insertions, deletions and replacements that make one sequence of another; Levenshtein, 1966.
///
/// Divided by the length of the right sequence, it is the error rate of phonemes, words or characters.
///
/// - Complexity: O(a.count · b.count).
public func editDistance<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int {
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(diagonal + (left == right ? 0 : 1), above + 1, row[j] + 1)
      diagonal = above
    }
  }
  return row[b.count]
}
