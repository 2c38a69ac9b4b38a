import Glibc
import TestSupport
import Testing

@testable import Platform

struct HostTests {
  private let directory: TemporaryDirectory
  private let host: LiveHost

  init() throws {
    directory = try TemporaryDirectory()
    try directory.file("root/proc/meminfo", "MemTotal: 1 kB\n")
    try directory.file("root/etc/hostname", "db01\n")
    try directory.file("outside", "secret")
    host = LiveHost(root: directory.place("root"))
  }

  @Test func `A captured tree is a machine of its own`() throws {
    #expect(!host.isLive)
    #expect(host.hostName == "db01")
    #expect(try host.readFile("/proc/meminfo") == Array("MemTotal: 1 kB\n".utf8))
    #expect(try host.listDirectory("/") == ["etc", "proc"])
  }

  @Test func `This machine has a name and a /proc whose files have no size`() throws {
    let live = LiveHost()
    #expect(live.isLive)
    #expect(live.hostName?.isEmpty == false)
    #expect(try live.readFile("/proc/meminfo").starts(with: "MemTotal:".utf8))
    #expect(try live.listDirectory("/proc").contains("self"))
  }

  @Test(arguments: [
    ("/etc/a", "/proc/meminfo"), ("/etc/a", "../proc/meminfo"), ("/etc/a", "../../../proc/meminfo"),
    ("/etc/a", "hostname"),
  ])
  func `Links stay inside the tree`(place: String, target: String) throws {
    directory.link("root" + place, to: target)
    #expect(try !host.readFile(place).isEmpty)
  }

  @Test(arguments: ["/../outside", "/etc/../../outside", "/etc/b", "/etc/c", "/link/outside"])
  func `Nothing leads out of the tree`(path: String) throws {
    directory.link("root/etc/b", to: directory.place("outside"))
    directory.link("root/etc/c", to: "../../outside")
    directory.link("root/link", to: directory.path)
    let error = #expect(throws: HostError.self) { try host.readFile(path) }
    #expect(error?.code == .missing)
  }

  @Test func `A circle of links is an error`() throws {
    directory.link("root/x", to: "y")
    directory.link("root/y", to: "x")
    let error = #expect(throws: HostError.self) { try host.readFile("/x") }
    #expect(error?.code == .unsuitable)
  }

  @Test func `Errors say what is wrong`() throws {
    #expect(throws: HostError(.isDirectory, path: "/etc", reason: "is a directory")) {
      try host.readFile("/etc")
    }
    #expect(throws: HostError(.tooLarge, path: "/etc/hostname", reason: "more than 4 bytes")) {
      try host.readFile("/etc/hostname", limit: 4)
    }
    #expect(unsafe mkfifo(directory.place("root/fifo"), 0o600) == 0)
    let error = #expect(throws: HostError.self) { try host.readFile("/fifo") }
    #expect(error?.code == .unsuitable)
  }
}
