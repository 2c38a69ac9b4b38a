/// What a user gave as answer to a prompt.
package enum Input: Sendable, Equatable {
  /// A line, without its end.
  case line(String)
  /// ^C: whatever was typed is to be forgotten.
  case interrupted
  /// ^D on an empty line, or the terminal has gone.
  case end
}
