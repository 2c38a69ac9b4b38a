internal import CEditline
internal import Glibc

/// What libedit asks the one who uses it.
protocol EditLineClient: AnyObject {
  /// The next character.
  func readCharacter() -> EditLine.Reading
  /// Tab was pressed.
  func complete() -> EditLine.Reply
  /// The cursor is below nothing of the line: the choices can be shown.
  func showChoices() -> EditLine.Reply
  /// A paste has come.
  func insertPaste() -> EditLine.Reply
}

/// libedit's handle, and all calls into the library.
@safe
final class EditLine {
  /// What comes from the terminal.
  enum Reading {
    case character(UInt32)
    /// The line is given up.
    case givenUp
    case end
  }

  /// What libedit does after a key.
  enum Reply {
    case refresh, beep, moveCursor, nothing

    fileprivate var code: UInt8 {
      switch self {
      case .refresh: UInt8(CC_REFRESH)
      case .beep: UInt8(CC_REFRESH_BEEP)
      case .moveCursor: UInt8(CC_CURSOR)
      case .nothing: UInt8(CC_NORM)
      }
    }
  }

  /// Who answers.
  weak var client: (any EditLineClient)?

  private let handle: OpaquePointer
  private let past: OpaquePointer
  private var prompt: UnsafeMutablePointer<CChar>?

  /// Starts libedit in emacs mode, on standard input and either output; nil if it has no memory.
  init?(program: String, writesToStderr: Bool, longestHistory: Int) {
    guard let handle = unsafe editline_start(program, writesToStderr) else { return nil }
    guard let past = unsafe history_init() else {
      unsafe el_end(handle)
      return nil
    }
    unsafe self.handle = handle
    unsafe self.past = past
    unsafe editline_history_set_size(past, Int32(longestHistory))
    unsafe editline_set_client(handle, Unmanaged.passUnretained(self).toOpaque())
    // Its handlers call malloc and signal the whole process group, the parent included.
    unsafe editline_set_number(handle, EL_SIGNAL, 0)
    unsafe editline_set_editor(handle, "emacs")
    unsafe editline_set_history(handle, past)
    installCallbacks()
  }

  deinit {
    // el_end would throw away what was typed ahead for the shell that we return to.
    unsafe editline_set_number(handle, EL_EDITMODE, 0)
    unsafe el_end(handle)
    unsafe history_end(past)
    unsafe free(prompt)
  }

  /// Whether lines are edited; `edit off` in ~/.editrc says no.
  var isEditing: Bool { unsafe editline_is_editing(handle) }

  /// The line as UTF-8, and the cursor's offset in it.
  var line: (bytes: [UInt8], cursor: Int) {
    guard let info = unsafe el_line(handle)?.pointee else { return ([], 0) }
    let count = unsafe info.lastchar - info.buffer
    let bytes = unsafe UnsafeRawBufferPointer(start: info.buffer, count: count)
    return unsafe (Array(bytes), info.cursor - info.buffer)
  }

  /// Shows a prompt and edits a line; nil when there is none, whatever the reason.
  func readLine(prompt text: String) -> String? {
    unsafe free(prompt)
    unsafe prompt = strdup(text)
    var count: Int32 = 0
    guard let line = unsafe el_gets(handle, &count), count > 0 else { return nil }
    let text = unsafe String(cString: line)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Adds a line to those that Up and ^R find.
  func remember(_ line: String) { unsafe editline_history_enter(past, line) }

  /// Binds keys to a function of libedit's or of ours.
  func bind(_ keys: String, to function: String) { unsafe editline_bind(handle, keys, function) }

  /// Binds keys in vi's command mode, too.
  func bindEverywhere(_ keys: String, to function: String) {
    bind(keys, to: function)
    unsafe editline_bind_alternative(handle, keys, function)
  }

  /// Runs a line of ~/.editrc: false if libedit does not understand it.
  func run(_ words: [String]) -> Bool {
    let copies = unsafe words.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    var arguments = unsafe copies.map { unsafe UnsafePointer($0) }
    return unsafe el_parse(handle, Int32(words.count), &arguments) == 0
  }

  /// Puts text at the cursor: false if there is no room.
  func insert(_ text: String) -> Bool {
    if text.isEmpty { return true }
    return unsafe el_insertstr(handle, text) == 0
  }

  /// Removes so many characters left of the cursor.
  func delete(_ count: Int) {
    if count > 0 { unsafe el_deletestr(handle, Int32(count)) }
  }

  /// Moves the cursor behind the line's last character. Nothing is drawn yet.
  func moveToEnd() {
    guard let info = unsafe el_wline(handle)?.pointee else { return }
    unsafe el_cursor(handle, Int32(info.lastchar - info.cursor))
  }

  /// Moves the cursor so many characters to the left. Nothing is drawn yet.
  func moveLeft(_ count: Int) { unsafe el_cursor(handle, -Int32(count)) }

  /// Draws prompt and line where the terminal's cursor stands.
  func refresh() { unsafe editline_refresh(handle) }

  /// Makes the terminal ready to edit on, or puts it back as it was.
  func prepareTerminal(_ isOn: Bool) {
    unsafe editline_set_number(handle, EL_PREP_TERM, isOn ? 1 : 0)
  }

  /// Asks for the terminal's size again.
  func resize() { unsafe el_resize(handle) }

  /// The closures capture nothing, as C wants it: each finds its editor through libedit.
  private func installCallbacks() {
    let marker = CChar(bitPattern: EditorPrompt.marker.asciiValue ?? 1)
    unsafe editline_set_prompt(handle, { unsafe EditLine.of($0)?.prompt }, marker)
    unsafe editline_set_reader(handle) { handle, character in
      switch unsafe EditLine.of(handle)?.client?.readCharacter() ?? .end {
      case .character(let value):
        unsafe character?.pointee = wchar_t(value)
        return 1
      case .givenUp: return -1
      case .end: return 0
      }
    }
    unsafe editline_add_function(handle, EditorKey.complete, "completes the word") { handle, _ in
      unsafe (EditLine.of(handle)?.client?.complete() ?? .nothing).code
    }
    unsafe editline_add_function(handle, EditorKey.goToEnd, "goes to the end") { handle, _ in
      unsafe EditLine.of(handle)?.moveToEnd()
      return Reply.moveCursor.code
    }
    unsafe editline_add_function(handle, EditorKey.showChoices, "lists choices") { handle, _ in
      unsafe (EditLine.of(handle)?.client?.showChoices() ?? .nothing).code
    }
    unsafe editline_add_function(handle, EditorKey.paste, "inserts the paste") { handle, _ in
      unsafe (EditLine.of(handle)?.client?.insertPaste() ?? .nothing).code
    }
  }

  private static func of(_ handle: OpaquePointer?) -> EditLine? {
    guard let handle = unsafe handle, let client = unsafe editline_client(handle) else {
      return nil
    }
    return unsafe Unmanaged<EditLine>.fromOpaque(client).takeUnretainedValue()
  }
}
