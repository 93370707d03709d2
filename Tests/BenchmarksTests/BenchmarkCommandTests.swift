import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite struct BenchmarkCommandTests {
  private func benchmark(_ arguments: String..., environment: [String: String] = [:]) throws -> CommandProcess
  {
    try CommandProcess("benchmark", arguments, environment: environment)
  }

  private func object(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8))
  }

  /// Key names are part of the interface, and the environment's core type is not in the way of the two measured.
  @Test(arguments: ["single", "double"])
  func productsAsJSON(precision: String) throws {
    let run = try benchmark(
      "products", "--size", "24,7,33,TN", "--size", "1,16,8", "--precision", precision, "--seconds", "0.01",
      "--json", environment: ["OPENBLAS_CORETYPE": "Haswell"])
    #expect(run.status == 0, "\(run.errors)")
    let rows = try #require(try object(run.output) as? [[String: Any]])
    #expect(rows.map { $0["m"] as? Int } == [24, 1])
    #expect(rows.map { $0["n"] as? Int } == [7, 16])
    #expect(rows.map { $0["k"] as? Int } == [33, 8])
    #expect(rows.map { $0["transposes"] as? String } == ["TN", "NN"])
    for row in rows {
      #expect(row["precision"] as? String == precision)
      #expect(row["threads"] as? Int == 1)
      let openblas = BLAS.available.count > 1 ? ["openblas_gflops", "ratio"] : []
      for key in ["swift_gflops", "peak_gflops"] + openblas {
        #expect((row[key] as? Double ?? 0) > 0, "\(key) in \(row)")
      }
      #expect((row["residual"] as? Double ?? 1) < (precision == "single" ? 1e-6 : 1e-14))
    }
    #expect(run.errors.contains("threads    1, not pinned"))
  }

  @Test func threadsOfTheEnvironment() throws {
    for (text, count) in [("3", 3), ("0", 1), ("-2", 1)] {
      let run = try benchmark("machine", "--json", environment: ["NEURAL_THREADS": text])
      let machine = try #require(try object(run.output) as? [String: Any], "\(run.errors)")
      #expect(machine["threads"] as? Int == count, "NEURAL_THREADS=\(text)")
    }
  }

  @Test func productsAsTableAndPlot() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "plot.svg")
    let run = try benchmark(
      "products", "--size", "16,16,16", "--size", "32,32,32", "--seconds", "0", "--plot", path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains(CPUFeatures.description))
    #expect(run.output.contains("| 32, 32, 32 "))
    let plot = try XMLDocumentText(path)
    #expect(plot.isWellFormed)
    #expect(plot.text.contains("prefers-color-scheme: dark"))
    for curve in ["peak", "swift"] { #expect(plot.text.contains("<polyline class=\"\(curve)\"")) }
  }

  @Test func networks() throws {
    let specification = "mlp:in=20,hidden=8x4,out=3,batch=7"
    let json = try benchmark(
      "networks", "--spec", specification, "--spec", "mlp:in=4,hidden=2,out=3,batch=1,infer=1", "--seconds",
      "0.01", "--json", "--backend", "swift")
    let medians = try #require(try object(json.output) as? [String: Double], "\(json.errors)")
    #expect(medians.count == 2)
    #expect((medians[specification] ?? 0) > 0)

    let text = try benchmark("networks", "--only", "mlp-infer-b1", "--seconds", "0.01", "--no-head")
    let line = try #require(text.lines.first.map(String.init), "\(text.errors)")
    #expect(line.hasPrefix("mlp-infer-b1" + String(repeating: " ", count: 12)) && line.hasSuffix(" us"))
    #expect(line.count == 24 + 1 + 12 + 3)
  }

  @Test func networksByName() throws {
    let list = try benchmark("networks", "--list")
    #expect(list.status == 0, "\(list.errors)")
    #expect(list.lines.contains { $0.hasPrefix("mlp-b32 mlp:in=") }, "\(list.output)")
  }

  private func serve(_ requests: String, _ options: String...) throws -> CommandProcess {
    let folder = try TemporaryFolder()
    let path = try folder.file("requests", requests)
    let arguments = ["serve", "--threads", "1"] + options
    return try RunningCommand("benchmark", arguments, through: "exec <'\(path)'").wait()
  }

  @Test func stepsOnDemand() throws {
    let mlp = "mlp:in=4,hidden=3,out=2,batch=5"
    let run = try serve("\(mlp) 0.01\nrnn:kind=gru,steps=3,in=2,hidden=3,batch=2 0\n\(mlp) 0.01\n", "--pin")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.lines.compactMap { Double($0) }.filter { $0 > 0 }.count == 3, "\(run.output)")

    for seconds in ["", " soon", " inf", " -1", " 1 2"] {
      let wrong = try serve(mlp + seconds + "\n")
      #expect(
        wrong.status != 0 && wrong.output.isEmpty && wrong.errors.contains("seconds"),
        "\(seconds): \(wrong.errors)")
    }
  }

  /// Every family, at sizes of a few, on every backend.
  @Test(
    arguments: [
      "mlp:in=4,hidden=3,out=2,batch=5,opt=adam",
      "cnn:size=8,channels=2,convs=3x4x5x6,batch=3,opt=adam,norm=1",
      "cnn:size=7,channels=1,convs=3x4,batch=1,infer=1", "gan:latent=3,width=2,batch=2",
      "rnn:kind=rnn,steps=3,in=4,hidden=5,batch=2", "rnn:kind=lstm,steps=1,in=4,hidden=5,batch=1,infer=1",
      "rnn:kind=gru,steps=3,in=2,hidden=3,batch=2,opt=adam",
      "emb:vocab=9,dim=3,length=4,out=2,batch=3,opt=sgd",
      "tfm:vocab=7,dim=8,heads=2,layers=2,length=5,batch=2,opt=adam",
      "tfm:vocab=7,dim=8,heads=2,layers=1,length=5,batch=1,infer=1",
      "s2s:vocab=7,dim=3,hidden=4,length=5,batch=2,opt=adam",
    ], BLAS.available.map(\.name))
  func everyFamily(specification: String, backend: String) throws {
    let run = try benchmark(
      "networks", "--spec", specification, "--seconds", "0", "--json", "--backend", backend)
    let medians = try #require(try object(run.output) as? [String: Double], "\(run.errors)")
    #expect((medians[specification] ?? 0) > 0)
  }

  @Test func otherMeasurements() throws {
    let elementary = try benchmark("elementary", "--seconds", "0.01", "--json")
    let functions = try #require(try object(elementary.output) as? [[String: Any]], "\(elementary.errors)")
    #expect(functions.contains { $0["function"] as? String == "tanh" })

    let threads = try benchmark(
      "threads", "--threads", "2", "--size", "64,64,64", "--seconds", "0.01", "--json")
    let report = try #require(try object(threads.output) as? [String: [[String: Any]]], "\(threads.errors)")
    #expect(report["fork_join"]?.count == 1)
    #expect(report["scaling"]?.count == 2 * BLAS.available.count)
  }

  @Test(
    arguments: [
      ("abc:in=3", "unknown family \"abc\""), ("cnn:size=3", "channels is missing"),
      ("mlp:in=3,hidden=3,out=3", "batch is missing"), ("mlp:in=0,hidden=3,out=3,batch=1", "inp is a number"),
      ("mlp:in=3,hidden=3xa,out=3,batch=1", "hidden is numbers"),
      ("mlp:in=3,hidden=3,out=3,batch=1,opt=best", "opt is sgd or adam"),
      ("mlp:in=3,hidden=3,out=3,batch=1,depth=2", "mlp has no depth"),
    ])
  func aWrongWorkloadIsOneLine(specification: String, reason: String) throws {
    let run = try benchmark("networks", "--spec", specification)
    #expect(run.status != 0)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    #expect(run.errors.contains(reason), "\(run.errors)")
  }

  @Test func wrongOptionsAreRefused() throws {
    for size in ["3,3", "3,3,0", "3,3,3,NX", "a,3,3", "1048576,1048576,1", "3,3,3,NN,", ""] {
      let run = try benchmark("products", "--size", size)
      #expect(run.status != 0 && run.errors.contains("--size is m,n,k"), "\(size): \(run.errors)")
    }
    #expect(try benchmark("products", "--threads", "0").errors.contains("--threads is from 1"))
    #expect(try benchmark("products", "--pin", "--threads", "1024").errors.contains("--pin gives each"))
    #expect(try benchmark("networks", "--backend", "abacus").errors.contains("abacus"))
    #expect(try benchmark("networks", "--only", "mlp-b3").errors.contains("no preset \"mlp-b3\""))
  }
}

/// A plot as a browser would take it.
private struct XMLDocumentText {
  let text: String
  init(_ path: String) throws { text = try String(contentsOfFile: path, encoding: .utf8) }

  /// Whether every element that is opened is closed, the last one first.
  var isWellFormed: Bool {
    var open: [Substring] = []
    for tag in text.matches(of: /<(\/?)([a-z]+)[^<>]*?(\/?)>/) {
      if tag.1 == "/" {
        guard open.popLast() == tag.2 else { return false }
      } else if tag.3.isEmpty {
        open.append(tag.2)
      }
    }
    return open.isEmpty
  }
}
