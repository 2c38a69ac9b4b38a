import Testing

@testable import OOMShell

@Suite struct LogNameTests {
  @Test(
    arguments: [
      ("kern.log", "kern.log", false, nil), ("kern.log.1", "kern.log", true, 1),
      ("/var/log/kern.log.12.gz", "/var/log/kern.log", true, 12),
      ("messages-20261101", "messages", true, nil),
      ("messages-20261101.xz", "messages", true, nil), ("kern.log.gz", "kern.log", false, nil),
      ("dmesg.old", "dmesg", true, 1), ("dmesg.202611230312", "dmesg", true, nil),
      ("kern.log-2026-11-01", "kern.log", true, nil),
      ("kern.log.2026-11-01.gz", "kern.log", true, nil),
      ("kern.log_20261101", "kern.log", true, nil),
      ("kern.log-20261101T061640", "kern.log", true, nil),
      ("kern.log-20261101-1793491200.gz", "kern.log", true, nil),
      ("0.log.20261101-061640", "0.log", true, nil),
      ("app-2026-11-01.log", "app-2026-11-01.log", false, nil),
      ("kern.log-2026", "kern.log-2026", false, nil), ("a.1/kern.log", "a.1/kern.log", false, nil),
      ("6.12", "6", true, 12),
      ("kernel-5", "kernel-5", false, nil), (".1", ".1", false, nil), ("", "", false, nil),
    ] as [(String, String, Bool, Int?)])
  func baseAndAge(path: String, base: String, isRotated: Bool, age: Int?) {
    let name = LogName(path)
    #expect(name.base == base && name.isRotated == isRotated && name.age == age)
  }

  @Test func whatLooksLikeALog() {
    for path in [
      "var/log/kern.log.3.gz", "var/log/messages-20261101", "crash/1/vmcore-dmesg.txt",
      "sys/fs/pstore/dmesg-efi-1", "sos_commands/kernel/dmesg", "syslog", "x/app.log",
    ] { #expect(LogName(path).looksLikeLog, "\(path)") }
    for path in ["etc/passwd", "wtmp", ".kern.log", "audit/audit.log", "dmesg/readme"] {
      #expect(!LogName(path).looksLikeLog, "\(path)")
    }
  }

  @Test func missedMessagesAreCountedAcrossPieces() {
    let text = Array(
      "\nMESSAGE=Missed 12 kernel messages\n\nMESSAGE=Missed 3 kernel messages\n".utf8)
    for cut in 0...text.count {
      var missed = MissedMessages()
      missed.count(Array(text[..<cut]).span)
      missed.count(Array(text[cut...]).span)
      #expect(missed.total == 15)
    }
    var other = MissedMessages()
    other.count(
      Array("\nMESSAGE=Missed the kernel messages\n MESSAGE=Missed 3 kernel m\n".utf8).span)
    #expect(other.total == 0)
  }

  @Test func quotesTakeTheMeaningOfAPattern() {
    func pattern(_ line: String) -> String? { Lexer.scan(line).commands.first?.first?.pattern }
    #expect(pattern("kern.log*") == "kern.log*")
    #expect(pattern("'kern.log*'") == nil)
    #expect(pattern(#"kern\*"#) == nil)
    #expect(pattern("'a*b'*[0-9]?") == #"a\*b*[0-9]?"#)
    #expect(pattern(#""a\\b"*"#) == #"a\\b*"#)
    #expect(Quoting.word("a*b") == "'a*b'")
  }
}
