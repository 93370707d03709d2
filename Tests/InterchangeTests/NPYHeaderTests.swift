import Interchange
import TestSupport
import Testing

@Suite("npy headers")
struct NPYHeaderTests {
  private func fault(_ header: String, data: Int = 4) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", NPYTests.file(header, Array(repeating: 0, count: data)))
    return message { do { _ = try NPY.read(path) } catch let error as FileError { throw error } }
  }

  @Test("ways to write the same")
  func accepted() throws {
    for header in [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
      "{'shape':(1,),'fortran_order':True,'descr':'<f4'}",
      "{\"descr\": \"=f4\", \"fortran_order\": False, \"shape\": (1L,)}\n",
      "{'descr': '<f4', 'fortran_order': False, 'shape': ( 1 , 1 ), }   \n",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
    ] {
      #expect(try fault(header) == "", "\(header)")
    }
  }

  @Test("other text")
  func refused() throws {
    for header in [
      "", "{}", "{", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
      "{'descr': '<f4', 'fortran_order': 'False', 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 'x'}",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
      "{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    ] {
      #expect(try !fault(header).isEmpty, "\(header)")
    }
  }

  @Test("shapes")
  func shapes() throws {
    #expect(try fault(NPYTests.header("<f4", "(-1,)")).contains("not the dictionary"))
    for shape in ["(4294967296, 4294967296)", "(0, 4294967296, 4294967296)"] {
      #expect(try fault(NPYTests.header("<f4", shape)).contains("no array has the shape"))
    }
    #expect(try fault(NPYTests.header("<f4", "(4611686018427387904,)")).contains("too few"))
    #expect(try fault(NPYTests.header("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 1)")).contains("9 axes"))
    #expect(try fault(NPYTests.header("<f4", "(2,)")).contains("4 bytes are too few"))
  }

  @Test("not an npy file")
  func magic() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", Array("1,2,3\n4,5,6\n".utf8))
    #expect(message { _ = try NPY.read(path) }.contains("is not an npy file"))
  }
}
