import LinearAlgebra
import Testing

/// Runs every case of a test once on each backend of this build.
///
///     @Suite(.onEveryBackend)
///     struct DenseTests { … }
///
/// Inside the test ``BLAS/backend`` is the one it runs on. A failure carries the comment "on the backend swift", or
/// whichever it was; the other backends still run.
public struct BackendTrait: TestTrait, SuiteTrait, TestScoping {
  /// A suite hands the trait down to its tests.
  public let isRecursive = true

  /// Runs `function` on each backend in turn.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    for backend in BLAS.available {
      let place = Comment(rawValue: "on the backend \(backend.name)")
      let naming = IssueHandlingTrait.compactMapIssues { issue in
        var issue = issue
        issue.comments.append(place)
        return issue
      }
      try await BLAS.$backend.withValue(backend) {
        try await naming.provideScope(for: test, testCase: testCase) {
          do {
            try await function()
          } catch is ExpectationFailedError {
            // `#require` has recorded it; the next backend's turn.
          } catch {
            Issue.record(error, sourceLocation: test.sourceLocation)
          }
        }
      }
    }
  }
}

extension Trait where Self == BackendTrait {
  /// Every test case runs once on each backend of this build.
  public static var onEveryBackend: Self { Self() }
}
