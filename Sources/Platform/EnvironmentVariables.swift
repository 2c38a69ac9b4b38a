internal import Glibc

/// The variables that the process was started with.
package enum EnvironmentVariables {
  /// The value of a variable. Nil if it is unset, and also if it is empty: nothing here tells these
  /// two apart, as the XDG and NO_COLOR conventions demand.
  package static subscript(name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
