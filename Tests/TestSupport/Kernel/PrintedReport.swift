package import KernelLog

/// A report as a kernel would print it, and what it says.
package struct PrintedReport: Sendable {
  package fileprivate(set) var records: [KernelRecord] = []
  package var facts = ReportFacts()
  /// When the kernel killed, or gave up, in microseconds since boot.
  package var decisiveMicros: Int64 = 0
  private var micros: Int64

  package init(startingAt micros: Int64) {
    self.micros = micros
  }

  /// Prints a record, some microseconds after the one before.
  package mutating func print(_ text: KernelText, level: Int = 4) {
    records.append(KernelRecord(level: level, micros: micros, text: text.bytes))
    decisiveMicros = micros
    micros += 137
  }

  /// Prints a record that comes behind the event's end, and does not count for its time.
  package mutating func printAfterwards(_ text: KernelText, level: Int = 6) {
    let decisive = decisiveMicros
    print(text, level: level)
    decisiveMicros = decisive
  }
}

/// A process as a printed report knows it.
package struct PrintedTask: Sendable {
  package var pid: Int
  package var name: LogText
  package var uid: Int
  package var totalVM: Int
  package var rssAnon: Int
  package var rssFile: Int
  package var rssShmem: Int
  package var tables: Int
  package var swap: Int
  package var oomAdj: Int
  package var oomScoreAdj: Int

  package var rss: Int { rssAnon + rssFile + rssShmem }
}
