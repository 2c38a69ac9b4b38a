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

#endif
