/// Why a command could not do what was asked: the one error of the conversation.
///
/// Lower layers throw errors of their own; a command turns them into this one, so that every
/// message looks alike and every exit status is decided here.
package struct CommandError: Error, Sendable, Equatable {
  package var code: Code
  /// What went wrong, one line without a full stop.
  package var message: String
  /// What to do about it: legal values, the nearest name, the command to read up.
  package var hint: String?
  /// Where the failing command stands; nil for a line that was typed.
  package var place: Place?
  /// What the layer below said, such as `No such file or directory`.
  package var cause: String?

  package init(
    _ code: Code, _ message: String, hint: String? = nil, place: Place? = nil, cause: String? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.place = place
    self.cause = cause
  }
}

extension CommandError {
  /// The kinds of failure, each with the exit status that it gives the process.
  package enum Code: Int32, Sendable, CaseIterable {
    /// An assertion or a transcript did not hold.
    case checkFailed = 1
    /// The line or the command line itself is wrong; nothing was done.
    case usage = 2
    /// The command was understood and could not be done.
    case failed = 3
    /// An input is missing, unreadable or forbidden.
    case unreadable = 4
    /// Cancelled by the user.
    case interrupted = 130
  }

  /// The status with which the process ends when this error ends it.
  package var exitStatus: Int32 { code.rawValue }

  /// What is printed: `[file:line: ]error: …`, and the hint on a second line.
  package var text: String {
    let position = place.map { "\($0): " } ?? ""
    let why = cause.map { ": \($0)" } ?? ""
    let advice = hint.map { "\nhint: \($0)" } ?? ""
    return "\(position)error: \(message)\(why)\(advice)"
  }

  /// The same error, placed unless something nearer to its origin placed it before.
  package func placed(at place: Place?) -> CommandError {
    var error = self
    if error.place == nil { error.place = place }
    return error
  }
}

/// A line of a script.
package struct Place: Sendable, Equatable, CustomStringConvertible {
  /// The script's name as it was given.
  package let file: String
  /// 1-based.
  package let line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  package var description: String { "\(Visible.text(file)):\(line)" }
}
