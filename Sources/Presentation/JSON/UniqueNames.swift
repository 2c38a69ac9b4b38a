/// Gives names that differ from all given before.
struct UniqueNames {
  private var taken: Set<String>

  init(taken: Set<String> = []) {
    self.taken = taken
  }

  /// The key, or the key with the first free number from 2.
  mutating func name(for key: String) -> String {
    var name = key
    var number = 1
    while !taken.insert(name).inserted {
      number += 1
      name = "\(key)_\(number)"
    }
    return name
  }
}
