#ifndef OOMSH_CBYTESEARCH_H
#define OOMSH_CBYTESEARCH_H
#include <stddef.h>
#include <stdint.h>

/// Finds the next place that may belong to an OOM report's key line: "oom-kill", "Kill" or
/// "Kernel panic - not syncing: ".
///
/// Searches `bytes[from..<length]` and returns the index of the match's first byte, or `length`
/// where there is none. Adds the number of newlines before the returned index (from `from` on) to
/// `*newlines`, since a line's number costs least when the bytes are in the cache anyway.
size_t oomsh_find_key(const uint8_t *bytes, size_t length, size_t from, size_t *newlines);

/// The number of newlines in `bytes[0..<length]`.
size_t oomsh_count_newlines(const uint8_t *bytes, size_t length);

/// The index after the last newline in `bytes[0..<length]`, or 0 where there is none.
size_t oomsh_line_start(const uint8_t *bytes, size_t length);

/// The index of the next newline in `bytes[from..<length]`, or `length` where there is none.
size_t oomsh_line_end(const uint8_t *bytes, size_t length, size_t from);

/// The index of `needle` in `bytes[from..<length]`, or `length` where it is not.
size_t oomsh_find(
    const uint8_t *bytes, size_t length, size_t from, const uint8_t *needle, size_t needle_length);

#endif
