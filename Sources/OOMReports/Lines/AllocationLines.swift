internal import KernelLog

/// The kernel's own largest allocations (`show_mem()` with CONFIG_MEM_ALLOC_PROFILING).
enum AllocationLines {
  static let header = LineGrammar(
    name: "Memory allocations",
    printedBy: "6.10 and later; whether it is on, 6.18 and later; __show_mem()",
    samples: [
      "Memory allocations:", "Memory allocations (profiling is currently turned off):",
    ],
    read: { message, line, report in
      guard let end = message.end(of: "Memory allocations", at: 0),
        message.byte(at: end) == .colon || message.byte(at: end) == .space
      else { return .other }
      report.section = .allocations
      report.withMemory(line) { memory in
        guard memory.allocations == nil else { return }
        var profile = AllocationProfile(line: line)
        if message.first("turned on") != nil { profile.isOn = true }
        if message.first("turned off") != nil { profile.isOn = false }
        memory.allocations = profile
      }
      return .read
    })

  /// `    4.50 GiB    12345 mm/filemap.c:1951 [module] func:__filemap_get_folio`
  static let row = LineGrammar(
    name: "allocation",
    printedBy: "6.10 and later; __show_mem(), alloc_tag_to_text()",
    samples: [
      "    4.50 GiB   123456 mm/filemap.c:1951 func:__filemap_get_folio",
      "    12.3 MiB     3008 drivers/net/x.c:12 [virtio_net] func:alloc_rx",
    ],
    read: { message, line, report in
      guard (report.section ?? .allocations) == .allocations,
        let function = message.last(" func:", before: message.count)
      else { return .other }
      let unit = message.skippingBlanks(from: message.endOfWord(from: 0))
      let unitEnd = message.endOfWord(from: unit)
      var cursor = message.skippingBlanks(from: unitEnd)
      let broken: LineGrammar.Reading = report.section == nil ? .other : .torn
      guard message.byte(at: 0)?.isDigit == true, let calls = message.integer(at: &cursor),
        message.byte(at: cursor) == .space
      else { return broken }
      let place = message.skippingBlanks(from: cursor)
      let placeEnd = message.endOfWord(from: place)
      guard placeEnd <= function else { return broken }
      let bracket = message.skippingBlanks(from: placeEnd)
      var module: LogText?
      if message.byte(at: bracket) == .openBracket,
        let close = message.first(.closeBracket, from: bracket), close < function
      {
        module = message.text(bracket + 1..<close)
      }
      let site = AllocationSite(
        sizeText: message.ascii(0..<message.endOfWord(from: 0)) + " "
          + message.ascii(unit..<unitEnd),
        calls: calls, place: message.text(place..<placeEnd), module: module,
        function: message.text(function + 6..<message.count), line: line)
      report.withMemory(line) { memory in
        var profile = memory.allocations ?? AllocationProfile(line: line)
        guard profile.sites.count < 64 else { return }
        let isDouble = profile.sites.last.map {
          $0.place == site.place && $0.function == site.function
        }
        guard isDouble != true else { return }
        profile.sites.append(site)
        memory.allocations = profile
      }
      return .read
    })
}
