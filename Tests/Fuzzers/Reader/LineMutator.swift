/// libFuzzer's own changes of single bytes, which it offers to those who make others.
@_extern(c, "LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// libFuzzer calls this for half of the inputs that it makes of one: a log is damaged by lines and
/// by pieces of lines more often than by bytes.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateLog(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: CUnsignedInt
) -> Int {
  var choice = Choice(seed: seed)
  guard count > 1, choice.below(2) == 0 else { return unsafe mutateBytes(data, count, most) }
  var log = unsafe [UInt8](UnsafeBufferPointer(start: data, count: count))
  for _ in 0...choice.below(4) where log.count > 1 {
    Damage.allCases[choice.below(Damage.allCases.count)].apply(to: &log, &choice)
  }
  return unsafe copy(log, to: data, most)
}

/// libFuzzer calls this to make an input of two: lines, or a piece of one, of the other log stand in
/// the first one.
@_cdecl("LLVMFuzzerCustomCrossOver")
public func crossLogs(
  _ one: UnsafePointer<UInt8>, _ oneCount: Int, _ other: UnsafePointer<UInt8>, _ otherCount: Int,
  _ out: UnsafeMutablePointer<UInt8>, _ most: Int, _ seed: CUnsignedInt
) -> Int {
  var choice = Choice(seed: seed)
  var log = unsafe [UInt8](UnsafeBufferPointer(start: one, count: oneCount))
  let donor = unsafe [UInt8](UnsafeBufferPointer(start: other, count: otherCount))
  guard !log.isEmpty, !donor.isEmpty else { return unsafe copy(log, to: out, most) }
  if choice.below(2) == 0 {
    log.insert(contentsOf: donor[lines(donor, &choice)], at: lines(log, &choice).lowerBound)
  } else {
    log.insert(contentsOf: donor[piece(donor, &choice)], at: choice.below(log.count))
  }
  return unsafe copy(log, to: out, most)
}

/// What can happen to a log.
private enum Damage: CaseIterable {
  case loseLines, doubleLines, moveLines, losePiece, movePiece, glueLines, breakLine

  func apply(to log: inout [UInt8], _ choice: inout Choice) {
    switch self {
    case .loseLines: log.removeSubrange(lines(log, &choice))
    case .doubleLines:
      log.insert(contentsOf: log[lines(log, &choice)], at: lines(log, &choice).lowerBound)
    case .moveLines: move(lines(log, &choice), in: &log) { lines($0, &choice).lowerBound }
    case .losePiece: log.removeSubrange(piece(log, &choice))
    case .movePiece: move(piece(log, &choice), in: &log) { choice.below($0.count) }
    case .glueLines:
      let end = lines(log, &choice).upperBound
      if end > 0, log[end - 1] == newline { log.remove(at: end - 1) }
    case .breakLine: log.insert(newline, at: choice.below(log.count))
    }
  }

  private func move(_ range: Range<Int>, in log: inout [UInt8], to place: ([UInt8]) -> Int) {
    let moved = log[range]
    log.removeSubrange(range)
    log.insert(contentsOf: moved, at: log.isEmpty ? 0 : place(log))
  }
}

private let newline = UInt8(ascii: "\n")

/// One line, or a few.
private func lines(_ log: [UInt8], _ choice: inout Choice) -> Range<Int> {
  let place = choice.below(log.count)
  let start = (log[..<place].lastIndex(of: newline) ?? -1) + 1
  var end = place
  for _ in 0...choice.below(4) where end < log.count {
    end = (log[end...].firstIndex(of: newline) ?? log.count - 1) + 1
  }
  return start..<end
}

/// A few bytes.
private func piece(_ log: [UInt8], _ choice: inout Choice) -> Range<Int> {
  let start = choice.below(log.count)
  return start..<min(start + 1 + choice.below(64), log.count)
}

private func copy(_ log: [UInt8], to out: UnsafeMutablePointer<UInt8>, _ most: Int) -> Int {
  let count = min(log.count, most)
  for index in 0..<count { unsafe out[index] = log[index] }
  return count
}

/// Numbers that follow from libFuzzer's seed alone.
private struct Choice {
  private var state: UInt64

  init(seed: CUnsignedInt) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number below another one, which is not 0.
  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(truncatingIfNeeded: state >> 33) % bound
  }
}
