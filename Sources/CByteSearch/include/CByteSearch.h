#ifndef OOMSH_CBYTESEARCH_H
#define OOMSH_CBYTESEARCH_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Whether `length` bytes at `bytes[at]` are the same as those at `other[from]`; both may be NULL
/// where there are none.
static inline int oomsh_stands(
    const uint8_t *bytes, size_t at, const uint8_t *other, size_t from, size_t length) {
  return length == 0 || memcmp(bytes + at, other + from, length) == 0;
}

/// What a key word may lead to. Categories combine to a mask.
enum oomsh_category {
  /// A key line of an OOM report.
  OOMSH_CATEGORY_REPORT = 1,
  /// A line of another killer, or of an allocation that failed.
  OOMSH_CATEGORY_OTHER_KILLER = 2,
  /// A line that tells about the machine's clocks: a boot, a resume, a clock that was set.
  OOMSH_CATEGORY_CLOCK = 4,
  /// A line inside a report that says more of the event than that it goes on.
  OOMSH_CATEGORY_DETAIL = 8,
};

/// A key word that was found.
struct oomsh_key {
  /// The word's first byte, or the searched length where there is no word.
  size_t offset;
  /// The newlines before `offset`, from where the search began: a line's number costs least when
  /// the bytes are in the cache anyway.
  size_t newlines;
  /// The one category of the word, or 0 where there is none.
  uint32_t category;
};

/// Finds the next word of some categories that lies in `bytes[from..<length]`.
///
/// The words are the rows of `words.h`. Their number does not change what a byte costs.
void oomsh_find_key(
    const uint8_t *bytes, size_t length, size_t from, uint32_t categories, struct oomsh_key *found);

/// The ways to search, of which `oomsh_find_key` takes the machine's best. All give one answer.
enum oomsh_path { OOMSH_PATH_PLAIN, OOMSH_PATH_SSSE3, OOMSH_PATH_AVX2, OOMSH_PATH_AVX512 };

/// Does what `oomsh_find_key` does in one certain way; returns 0 where the machine cannot. Tests
/// compare the ways with it.
int oomsh_find_key_by(
    enum oomsh_path path, const uint8_t *bytes, size_t length, size_t from, uint32_t categories,
    struct oomsh_key *found);

/// The row `index` of the words and its category; NULL behind the last. For tests.
const char *oomsh_key_word(size_t index, uint32_t *category);

/// The number of newlines in `bytes[0..<length]`.
size_t oomsh_count_newlines(const uint8_t *bytes, size_t length);

/// The index after the last newline in `bytes[0..<length]`, or 0 where there is none.
size_t oomsh_line_start(const uint8_t *bytes, size_t length);

/// The index of the next newline in `bytes[from..<length]`, or `length` where there is none.
size_t oomsh_line_end(const uint8_t *bytes, size_t length, size_t from);

/// The index of `needle` in `bytes[from..<length]`, or `length` where it is not.
size_t oomsh_find(
    const uint8_t *bytes, size_t length, size_t from, const uint8_t *needle, size_t needle_length);

/// The index of a byte in `bytes[from..<length]`, or `length` where it is not.
size_t oomsh_find_byte(const uint8_t *bytes, size_t length, size_t from, uint8_t byte);

/// The index of the first of two bytes in `bytes[from..<length]`, or `length` where there is none.
size_t oomsh_find_either(
    const uint8_t *bytes, size_t length, size_t from, uint8_t byte, uint8_t other);

/// The index of the last of one byte in `bytes[0..<length]`, or `length` where it is not.
size_t oomsh_find_last_byte(const uint8_t *bytes, size_t length, uint8_t byte);

/// The kinds of fields that printf prints.
enum oomsh_field_kind {
  OOMSH_FIELD_NONE,
  /// A decimal number of 1 to 18 digits; NUMBER may have a minus.
  OOMSH_FIELD_DIGITS,
  OOMSH_FIELD_NUMBER,
  /// A list of nodes, `0-1,4` or `(null)`.
  OOMSH_FIELD_NODES,
  /// The name of a task; WORD without blanks. No name here has what parts the fields of a line.
  OOMSH_FIELD_NAME,
  OOMSH_FIELD_WORD,
  /// The path of a cgroup, or the names of flags.
  OOMSH_FIELD_TEXT,
  /// 0x and hexadecimal digits.
  OOMSH_FIELD_MASK,
};

/// A part of a printf format: the first `length` bytes of a text, and the field behind it.
struct oomsh_step {
  uint8_t text[16];
  uint8_t length, field;
  /// How many steps, and fields, a line may do without together that has not this one's text; 0 where
  /// it must have it.
  uint8_t option, fields;
};

/// A field that was read: where it stands, and its number where it is one. Its end is 0 where it was
/// left out.
struct oomsh_printed {
  int64_t number;
  size_t start, end;
};

#define OOMSH_NOT_PRINTED SIZE_MAX

/// Reads the fields of a line that stands at `at` in `bytes[0..<length]` and was printed by a format of
/// `count` steps; `values` has room for its fields. Returns the offset behind the line's last field or
/// text, or OOMSH_NOT_PRINTED.
size_t oomsh_read_printed(
    const uint8_t *bytes, size_t length, size_t at, const struct oomsh_step *steps, size_t count,
    struct oomsh_printed *values);

/// The microseconds of the day at which `HH:MM:SS` stands, with a fraction of so many digits and a
/// byte before it, or -1. A leap second has no place among a day's.
int64_t oomsh_day_micros(const uint8_t *bytes, size_t fraction);

/// The microseconds of a printk stamp, `[   12.345678] `, that stands at `*at` in
/// `bytes[0..<length]`; moves `*at` behind it. -1 where anything else stands there.
int64_t oomsh_uptime(const uint8_t *bytes, size_t length, size_t *at);

/// A line's prefix: its length, without the printk stamp that may be behind it, and where in it is a
/// time of the day.
struct oomsh_prefix {
  size_t length, clock, fraction;
  int has_uptime;
};

#define OOMSH_NO_CLOCK SIZE_MAX

/// What the clocks of a prefix show, and where the message begins behind it.
struct oomsh_clocks {
  size_t message;
  int64_t day_micros, uptime_micros;
};

/// Whether the prefix at `at` differs from the one at `other` in nothing but its clocks; then
/// `clocks`, which has those of the other one and its message, is what they show.
int oomsh_repeats_prefix(
    const uint8_t *bytes, size_t length, size_t at, size_t other, const struct oomsh_prefix *prefix,
    struct oomsh_clocks *clocks);

#endif
