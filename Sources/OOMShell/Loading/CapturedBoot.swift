internal import KernelLog

/// When a captured machine booted, by what was captured of its clocks: `dmesg` prints uptimes alone.
extension CapturedMachine {
  private static let statistics = "proc/stat"
  private static let uptimes = ["sos_commands/host/uptime", "sos_commands/general/uptime"]
  /// What prints the date of the capture, and the words before it.
  private static let dates: [(path: String, word: String, isLocal: Bool)] = [
    ("sos_commands/date/date", "", true), ("sos_commands/general/date", "", true),
    ("sos_commands/date/date_--utc", "", false),
    ("sos_commands/systemd/timedatectl", "Universal time:", false),
  ]

  /// The files that tell of a machine's clocks.
  static let clockFiles = [statistics] + uptimes + dates.map(\.path)

  /// Whether the file of a path on the machine is what `dmesg` printed when it was captured: lines
  /// of the boot that ran then, and of no other.
  static func isRing(_ path: String) -> Bool {
    let directory = Script.directory(of: path)
    let isOfCommand = directory.hasPrefix("sos_commands/")
    return isOfCommand && path.dropFirst(directory.count).hasPrefix("dmesg")
  }

  /// When the uptime was 0; nil where the capture does not tell.
  var boot: BootMoment? { bootOfStatistics ?? bootOfUptime }

  /// `btime` of proc/stat, in whole seconds (fs/proc/stat.c, all versions).
  private var bootOfStatistics: BootMoment? {
    for line in lines(of: Self.statistics) {
      let words = line.split(separator: " ")
      guard words.first == "btime", words.count == 2, let second = Int64(words[1]),
        (1...Self.latestSecond).contains(second)
      else { continue }
      return BootMoment(wallMicros: second * 1_000_000, errorMicros: 1_000_000)
    }
    return nil
  }

  /// What `uptime` printed, by the date of the capture: ` 09:48:24 up 12 days,  4:33, …`. Its minute
  /// is one that has begun.
  private var bootOfUptime: BootMoment? {
    guard let now = date,
      let line = Self.uptimes.lazy.compactMap({ lines(of: $0).first }).first,
      let minutes = Self.minutes(of: line),
      let clock = line.split(separator: " ").first.flatMap(Self.timeOfDay)
    else { return nil }
    // `uptime` prints the local time. Where its zone is not known, it differs from UTC by whole
    // quarters of an hour; what is left of the difference is the time between the two programs, which
    // a capture runs one soon after the other.
    let cycle: Int64 = now.offset == nil ? 900 : 86_400
    let rest = ((clock - now.second - (now.offset ?? 0)) % cycle + cycle) % cycle
    let apart = rest > cycle / 2 ? rest - cycle : rest
    guard abs(apart) <= 120 else { return nil }
    let moment = now.second + apart
    let half: Int64 = 30
    return BootMoment(
      wallMicros: (moment - minutes * 60 - half) * 1_000_000, errorMicros: (half + 1) * 1_000_000)
  }

  private static let latestSecond: Int64 = 1 << 36

  /// The date of the capture in seconds since 1970, and how far the local time is from UTC, if that is
  /// what is printed; nil where no date is printed with its offset from UTC.
  private var date: (second: Int64, offset: Int64?)? {
    for (path, word, isLocal) in Self.dates {
      for line in lines(of: path) {
        let text = line.drop { $0 == " " }
        guard text.hasPrefix(word), let date = Self.date(text.dropFirst(word.count)) else {
          continue
        }
        return (date.second, isLocal ? date.offset : nil)
      }
    }
    return nil
  }

  /// In English: `Thu Nov 26 09:48:22 UTC 2026`, `Thu Nov 26 09:48:22 PM +09 2026` or
  /// `Thu 2026-11-26 09:48:22 UTC`.
  private static func date(_ text: Substring) -> (second: Int64, offset: Int64)? {
    let words = text.split(separator: " ")
    guard let offset = words.lazy.compactMap(ZoneNames.offset).first,
      var second = words.lazy.compactMap(timeOfDay).first
    else { return nil }
    let noon: Int64 = 43_200
    if words.contains("AM") || words.contains("PM") {
      guard second < noon + 3600 else { return nil }
      second = second % noon + (words.contains("PM") ? noon : 0)
    }
    var civil = CivilTime(year: 0, month: 0, day: 0)
    for word in words {
      let parts = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] {
        (civil.year, civil.month, civil.day) = (year, month, day)
      } else if let month = TimeText.months.firstIndex(of: String(word)) {
        civil.month = month + 1
      } else if let number = Int(word), word.first?.isNumber == true {
        if number > 31 { civil.year = number } else { civil.day = number }
      }
    }
    guard civil.isValid, (1970...3000).contains(civil.year) else { return nil }
    return (civil.unixMicrosAsUTC / 1_000_000 + second - offset, offset)
  }

  /// `09:48:22` in seconds.
  private static func timeOfDay(_ word: Substring) -> Int64? {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// How long the machine is up: `up 12 days,  4:33,`, `up 1 day, 5 min,` or `up  4:33,`.
  private static func minutes(of line: Substring) -> Int64? {
    let words = line.split { $0 == " " || $0 == "," }
    guard var index = words.firstIndex(of: "up").map({ $0 + 1 }), index < words.count else {
      return nil
    }
    var minutes: Int64 = 0
    if index + 1 < words.count, words[index + 1] == "day" || words[index + 1] == "days" {
      guard let days = Int64(words[index]), (0...100_000).contains(days) else { return nil }
      minutes = days * 1440
      index += 2
    }
    guard index < words.count else { return nil }
    let parts = words[index].split(separator: ":").map { Int64($0) }
    if parts.count == 2, let hours = parts[0], let rest = parts[1], (0..<24).contains(hours),
      (0..<60).contains(rest)
    {
      return minutes + hours * 60 + rest
    }
    guard index + 1 < words.count, words[index + 1] == "min", let rest = Int64(words[index]),
      (0..<60).contains(rest)
    else { return nil }
    return minutes + rest
  }
}
