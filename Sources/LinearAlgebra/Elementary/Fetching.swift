import CTargetFeatures

extension Elementary {
  /// How many rows ahead of their use they are fetched.
  package static var rowsFetchedAhead: Int { 8 }

  /// Fetches elements that are about to be read or written: where a processor does not see by itself which are next, as of rows
  /// that lie anywhere in a table, or does not fetch them early enough.
  package static func fetch(_ elements: UnsafePointer<Float>, count: Int) {
    for index in stride(from: 0, to: count, by: 64 / MemoryLayout<Float>.stride) {
      prefetch_for_reading_now(elements + index)
    }
  }
}
