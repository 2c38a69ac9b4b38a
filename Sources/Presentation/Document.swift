/// What a command answers: headings, prose, fields and tables of typed cells, without any layout.
///
/// Every output format renders the same document, so a command never writes text of its own.
package struct Document: Sendable, Equatable {
  package var blocks: [Block]

  /// The answer as data, where it has a fixed schema of its own (`events`, `show`).
  ///
  /// JSON output prints this instead of what it derives from `blocks`.
  package var record: JSONValue?

  package init(_ blocks: [Block] = [], record: JSONValue? = nil) {
    self.blocks = blocks
    self.record = record
  }
}

/// One part of a document, from top to bottom.
package enum Block: Sendable, Equatable {
  case heading(String)
  /// A paragraph, wrapped to the width. Newlines inside it are kept.
  case prose(String)
  /// A remark that must not be missed, such as events that have no wall-clock time.
  case note(Severity, String)
  case fields(Fields)
  case table(Table)
  /// Lines that keep their own spacing: raw log lines (still escaped), usage lines.
  case verbatim([String])
}

/// How urgent a note is.
package enum Severity: String, Sendable, CaseIterable {
  case info, warning, critical
}

/// Named values of one thing, one under the other.
package struct Fields: Sendable, Equatable {
  /// The member name under which JSON output shows these fields.
  package let key: String
  package var title: String?
  package var rows: [Field]

  package init(key: String, title: String? = nil, _ rows: [Field]) {
    self.key = key
    self.title = title
    self.rows = rows
  }
}

/// One named value, with what it means and where the log says it.
package struct Field: Sendable, Equatable {
  package let key: String
  package let label: String
  package let value: Cell
  /// What the value means, in a few words.
  package let meaning: String?
  /// The 1-based line of the source that says it; nil where no single line does.
  package let line: Int?

  package init(
    _ key: String, _ label: String, _ value: Cell, meaning: String? = nil, line: Int? = nil
  ) {
    self.key = key
    self.label = label
    self.value = value
    self.meaning = meaning
    self.line = line
  }
}

/// Rows of typed cells under named columns.
package struct Table: Sendable, Equatable {
  /// The member name under which JSON output shows the rows.
  package let key: String
  package var title: String?
  package let columns: [Column]
  package var rows: [[Cell]]

  package init(key: String, title: String? = nil, columns: [Column], rows: [[Cell]]) {
    self.key = key
    self.title = title
    self.columns = columns
    self.rows = rows
  }
}

/// One column of a table.
package struct Column: Sendable, Equatable {
  package let key: String
  package let title: String
  package let alignment: Alignment
  /// Whether its cells may be shortened in the middle, with `…`, when the table is too wide.
  package let canShrink: Bool
  /// Whether its texts go on in further lines where the table is too wide, instead.
  package let canWrap: Bool
  /// The width below which other columns are dropped sooner than this one is shortened. By default
  /// what the name of a process takes.
  package let readableWidth: Int
  /// Columns with a higher number are dropped first where shrinking is not enough; 0 never.
  package let dropOrder: Int

  /// Whether only data formats show it, since people read the same in another column.
  package let isForPrograms: Bool

  /// On which side of the column the cells stand.
  package enum Alignment: Sendable { case left, right }

  package init(
    _ key: String, _ title: String, _ alignment: Alignment = .left, canShrink: Bool = false,
    canWrap: Bool = false, readableWidth: Int = 15, dropOrder: Int = 0,
    isForPrograms: Bool = false
  ) {
    self.key = key
    self.title = title
    self.alignment = alignment
    self.canShrink = canShrink
    self.canWrap = canWrap
    self.readableWidth = readableWidth
    self.dropOrder = dropOrder
    self.isForPrograms = isForPrograms
  }
}

/// A typed value; the format and the settings decide how it looks.
package enum Cell: Sendable, Equatable {
  /// A figure that the log does not hold: `-` in a table, null in JSON, never 0.
  case missing
  case text(String)
  /// A path of a file or a cgroup: text whose end tells most, so that its beginning goes first where
  /// room is short.
  case path(String)
  /// A count, a pid, a score: digits without grouping.
  case integer(Int64)
  /// A size in bytes: binary units, or exact kB as `set units` says; always bytes in JSON.
  case bytes(Int64)
  /// A moment: what a person reads, and the ISO 8601 form for machines. Where only the uptime is
  /// known, `iso` is nil and machines get null.
  case time(shown: String, iso: String?)
  /// A span in seconds.
  case seconds(Double)
  /// A span in microseconds, and what a person reads.
  case micros(Int64, shown: String)
  /// A share between 0 and 1, shown as a percentage.
  case share(Double)
  /// A bar whose length is this share (0…1) of the widest; left out of data formats.
  case bar(Double)
  case flag(Bool)
}
