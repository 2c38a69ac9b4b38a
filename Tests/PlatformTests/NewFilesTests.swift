import Glibc
import TestSupport
import Testing

@testable import Platform

struct NewFilesTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func write(_ files: [String: String], into name: String) throws(HostError) {
    let all = files.sorted { $0.key < $1.key }.map {
      NewFiles.File(path: $0.key, bytes: Array($0.value.utf8))
    }
    try NewFiles.write(all, below: directory.place(name))
  }

  private func exists(_ name: String) -> Bool { unsafe access(directory.place(name), F_OK) == 0 }

  @Test func `Files are made with the directories they need`() throws {
    try write(["a.txt": "1", "etc/x/b.conf": "2\n", "etc/c": ""], into: "out")
    #expect(try directory.content(of: "out/a.txt") == "1")
    #expect(try directory.content(of: "out/etc/x/b.conf") == "2\n")
    #expect(try directory.content(of: "out/etc/c") == "")
    // Into a directory that is there, beside what it holds.
    try write(["etc/d": "3"], into: "out")
    #expect(try directory.content(of: "out/etc/d") == "3")
  }

  @Test func `Where one file exists, none is written`() throws {
    try directory.file("out/z/b", "old")
    let error = #expect(throws: HostError.self) {
      try write(["a": "1", "z/b": "new"], into: "out")
    }
    #expect(error?.code == .unsuitable && error?.reason == "exists already")
    #expect(error?.path == directory.place("out/z/b"))
    #expect(try directory.content(of: "out/z/b") == "old")
    #expect(!exists("out/a"))
    // A directory where a file is wanted, and a file where a directory is.
    #expect(throws: HostError.self) { try write(["z": "1"], into: "out") }
    #expect(throws: HostError.self) { try write(["z/b/c": "1"], into: "out") }
  }

  @Test func `No link leads out`() throws {
    directory.directory("elsewhere")
    directory.directory("out")
    directory.link("out/etc", to: directory.place("elsewhere"))
    directory.link("out/file", to: directory.place("new"))
    #expect(throws: HostError.self) { try write(["etc/a": "1"], into: "out") }
    #expect(throws: HostError.self) { try write(["file": "1"], into: "out") }
    #expect(!exists("elsewhere/a") && !exists("new"))
  }

  /// The directory itself may be no link, however it is written; the way to it may lead through one.
  @Test(arguments: ["out", "out/", "out//"])
  func `The directory is no link`(_ name: String) throws {
    directory.directory("elsewhere/below")
    directory.link("out", to: directory.place("elsewhere"))
    let error = #expect(throws: HostError.self) { try write(["a": "1"], into: name) }
    #expect(error?.code == .unsuitable && error?.reason == "is a symbolic link")
    #expect(!exists("elsewhere/a"))
    try write(["a": "1"], into: "out/below")
    #expect(exists("elsewhere/below/a"))
  }

  @Test(arguments: ["../a", "a/../../b", "/etc/a", "a//b", ".", "", "a/.", "a\0b"])
  func `No path leads out`(_ path: String) {
    let error = #expect(throws: HostError.self) { try write(["ok": "1", path: "2"], into: "out") }
    #expect(error?.code == .malformed)
    #expect(!exists("out"))
  }

  @Test func `A failure takes away what was made before it`() throws {
    directory.directory("out/z")
    let name = String(repeating: "x", count: 300)
    let error = #expect(throws: HostError.self) {
      try write(["a": "1", "b/c": "2", "z/\(name)": "3"], into: "out")
    }
    #expect(error != nil)
    #expect(!exists("out/a") && !exists("out/b/c"))
  }

  @Test func `A directory above that is missing is told`() {
    let error = #expect(throws: HostError.self) { try write(["a": "1"], into: "no/such") }
    #expect(error?.code == .missing)
  }
}
