import LinearAlgebra
import Synchronization
import TestSupport
import Testing

@Suite("The tests' own tools")
struct TestSupportTests {
  @Test("a difference tells how many, which, and how far")
  func differences() {
    #expect(difference([1, 2, 3], [1, 2, 3.000001], tolerance: 1e-6) == nil)
    #expect(
      difference([1, 2.5, 4.5], [1, 2, 4.25], tolerance: 0.0625)
        == "1 of 3 elements differ; the worst, [1]: 2.5, expected 2.0: off by 0.5, allowed 0.0625 × 4.25")
    #expect(difference([1, 2], [1] as [Float], tolerance: 1) == "2 elements, expected 1")
    #expect(difference([.nan, .infinity], [.nan, .infinity] as [Float], tolerance: 0) == nil)
    #expect(difference([.nan], [1.0], tolerance: 1) != nil)
    #expect(difference([1.0], [.nan], tolerance: 1) != nil)
    #expect(difference([1.0, .infinity], [1, -.infinity], tolerance: 1) != nil)
    #expect(difference([1e-30], [0.0], tolerance: 1) != nil)
    #expect(difference([], [] as [Float], tolerance: 0) == nil)
  }

  @Test("a case runs once on each backend, and a failure names it")
  func everyBackend() async throws {
    let test = try #require(Test.current)
    let runs = Mutex<[String]>([])
    let failures = Mutex<[[String]]>([])
    let catching = IssueHandlingTrait.compactMapIssues { issue in
      failures.withLock { $0.append(issue.comments.map(\.rawValue)) }
      return nil
    }
    try await catching.provideScope(for: test, testCase: nil) {
      try await BackendTrait.onEveryBackend.provideScope(for: test, testCase: nil) {
        runs.withLock { $0.append(BLAS.backend.name) }
        Issue.record("an issue")
        throw MatrixError.noConvergence(operation: "this test")
      }
    }
    let names = BLAS.available.map(\.name)
    #expect(runs.withLock { $0 } == names)
    #expect(
      failures.withLock { $0 }
        == names.flatMap { name in
          [["an issue", "on the backend \(name)"], ["on the backend \(name)"]]
        })
  }

  @Test("an unmet requirement ends one backend's run, not the other's")
  func requirement() async throws {
    let test = try #require(Test.current)
    let runs = Mutex(0)
    let failures = Mutex(0)
    let catching = IssueHandlingTrait.compactMapIssues { _ in
      failures.withLock { $0 += 1 }
      return nil
    }
    try await catching.provideScope(for: test, testCase: nil) {
      try await BackendTrait.onEveryBackend.provideScope(for: test, testCase: nil) {
        runs.withLock { $0 += 1 }
        try #require(BLAS.available.isEmpty)
      }
    }
    #expect(runs.withLock { $0 } == BLAS.available.count)
    #expect(failures.withLock { $0 } == BLAS.available.count)
  }
}
