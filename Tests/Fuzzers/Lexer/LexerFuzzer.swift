internal import OOMShell

/// libFuzzer calls this with one line after another.
///
/// The lexer always has an answer: its words stand in the line in order and do not overlap, its
/// faults and comments stand in it too, and a word that is quoted for the line is read back as it
/// was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLexer(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let line = unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  let lexed = Lexer.scan(line)
  let length = line.utf8.count
  var end = 0
  for case .word(let word) in lexed.tokens {
    precondition(word.range.lowerBound >= end && word.range.upperBound <= length, "a word's place")
    precondition(!word.range.isEmpty, "a word of nothing")
    end = word.range.upperBound
  }
  precondition((0...length).contains(lexed.fault?.offset ?? 0), "a fault's place")
  precondition((0...length).contains(lexed.comment ?? 0), "a comment's place")
  precondition(lexed.commands.last ?? [] == lexed.lastCommand || lexed.lastCommand.isEmpty)
  checkQuoting(of: line)
  return 0
}

/// Any text can be given as one word, in the quote that is open or in none.
private func checkQuoting(of text: String) {
  for quote in [nil, UInt8(ascii: "'"), UInt8(ascii: "\"")] {
    let lexed = Lexer.scan(Quoting.word(text, in: quote))
    guard case .word(let word)? = lexed.tokens.first, lexed.tokens.count == 1 else {
      preconditionFailure("a quoted word is not one word")
    }
    precondition(word.text == text, "a quoted word is another")
    precondition(lexed.fault == nil && word.openQuote == nil, "a quoted word is faulty")
  }
}
