internal import Glibc
internal import OOMShell
internal import Platform

extension Environment {
  /// This machine.
  static func live(root: String) -> Environment {
    let zones = ZoneSwitch()
    var environment = Environment()
    environment.root = root
    environment.clock = {
      let reading = ClockReading.now()
      return Moment(wallMicros: reading.realtime, uptimeMicros: reading.boottime)
    }
    environment.offset = { zone, micros in zones.offset(zone, at: micros) }
    environment.variable = { EnvironmentVariables[$0] }
    environment.readScript = readScript
    environment.listDirectory = listDirectory
    environment.terminal = terminal
    environment.isInterrupted = { Signals.isInterrupted }
    return environment
  }

  /// Scripts are typed by people: one of more than this is a log.
  private static let longestScript = 16 << 20

  @Sendable private static func readScript(_ path: String) throws(Unreadable) -> [UInt8] {
    do throws(HostError) {
      let file = try LogFile(path: path)
      var content: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 64 * 1024)
      while true {
        let count = try file.read(into: &buffer)
        if count == 0 { return content }
        content += buffer[..<count]
        guard content.count <= longestScript else {
          throw HostError(.tooLarge, path: path, reason: "too large for a script")
        }
      }
    } catch {
      throw Unreadable(error.reason)
    }
  }

  @Sendable private static func listDirectory(_ path: String) -> [DirectoryEntry] {
    let host = LiveHost()
    guard let names = try? host.listDirectory(path) else { return [] }
    return names.map { name in
      let isDirectory = (try? host.listDirectory(path + "/" + name)) != nil
      return DirectoryEntry(name, isDirectory: isDirectory)
    }
  }

  @Sendable private static func terminal() -> Terminal {
    let isTerminal = Platform.Terminal.isTerminal(STDOUT_FILENO)
    let hasNoColor = EnvironmentVariables["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Terminal(
      isTerminal: isTerminal,
      width: isTerminal ? Platform.Terminal.size().columns : nil,
      hasColor: isTerminal && !hasNoColor && Platform.Terminal.understandsEscapes)
  }
}
