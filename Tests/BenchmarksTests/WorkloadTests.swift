import Benchmarks
import Testing

/// The grammar of the scripts that measure other libraries, read the same way here.
@Suite struct WorkloadTests {
  @Test(
    arguments: [
      ("mlp:in=100,hidden=50x50,out=3,batch=7", ["inp": "100", "hidden": "50x50", "out": "3", "batch": "7"]),
      ("mlp:inp=5,hidden=8,opt=adam,infer=1", ["inp": "5", "hidden": "8", "opt": "adam", "infer": "1"]),
      ("rnn:kind=lstm,steps=64", ["kind": "lstm", "steps": "64"]),
      ("mlp:,in=1,,in=2,", ["inp": "2"]),
      ("mlp:", [:]),
      ("mlp", [:]),
    ])
  func reads(text: String, parameters: [String: String]) throws {
    let workload = try Workload(text)
    #expect(workload.family == text.prefix { $0 != ":" })
    #expect(workload.parameters == parameters)
  }

  @Test func values() throws {
    let workload = try Workload("mlp:in=100,hidden=50x20x5,infer=0,one=1,word=yes,minus=-3")
    #expect(try workload.number("inp") == 100)
    #expect(try workload.numbers("hidden") == [50, 20, 5])
    #expect(try workload.numbers("inp") == [100])
    #expect(["infer", "one", "word", "absent"].map(workload.flag) == [false, true, true, false])
    for key in ["minus", "word", "absent"] {
      #expect(throws: WorkloadError.self) { try workload.number(key) }
    }
    #expect(throws: WorkloadError.self) { try workload.numbers("word") }
  }

  @Test(arguments: ["mlp:in", "mlp:in=1=2", "mlp:in=3,hidden"])
  func refuses(text: String) {
    #expect(throws: WorkloadError.self) { try Workload(text) }
  }

  @Test func presetsAreOfTheGrammar() throws {
    let names = [
      "mlp-b1", "mlp-b32", "mlp-b128", "mlp-wide", "mlp-infer-b1", "mlp-infer-b256", "cnn-lenet", "cnn-deep",
      "cnn-infer-b1", "dcgan", "rnn", "lstm", "gru", "lstm-infer-b1", "embedding-bag", "transformer",
      "transformer-infer-b1", "seq2seq",
    ]
    #expect(Presets.all.map(\.name) == names)
    for preset in Presets.all { #expect(try Workload(preset.workload).number("batch") > 0) }
  }
}
