import Glibc
import Testing

@testable import Platform

struct HostErrorTests {
  @Test(arguments: [
    (ENOENT, HostError.Code.missing), (EACCES, .denied), (EPERM, .denied), (EISDIR, .isDirectory),
    (EPIPE, .brokenPipe), (EINTR, .interrupted), (EIO, .failed),
  ])
  func `An errno has a code`(number: Int32, code: HostError.Code) {
    #expect(HostError(errno: number, path: nil).code == code)
  }

  @Test func `The description names the place and the system's reason`() {
    let error = HostError(errno: ENOENT, path: "/no/where")
    #expect(error.description == "/no/where: no such file or directory")
  }
}
