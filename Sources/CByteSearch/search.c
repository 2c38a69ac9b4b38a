#define _GNU_SOURCE
#include "CByteSearch.h"
#include <string.h>

size_t oomsh_line_start(const uint8_t *bytes, size_t length) {
  const uint8_t *newline = length ? memrchr(bytes, '\n', length) : NULL;
  return newline ? (size_t)(newline - bytes) + 1 : 0;
}

size_t oomsh_line_end(const uint8_t *bytes, size_t length, size_t from) {
  const uint8_t *newline = from < length ? memchr(bytes + from, '\n', length - from) : NULL;
  return newline ? (size_t)(newline - bytes) : length;
}

// The words have few letters and their lines few of the first one: memmem prepares for longer ones.
size_t oomsh_find(
    const uint8_t *bytes, size_t length, size_t from, const uint8_t *needle, size_t needle_length) {
  while (from < length && length - from >= needle_length) {
    const uint8_t *found = memchr(bytes + from, needle[0], length - from - needle_length + 1);
    if (!found) break;
    if (memcmp(found, needle, needle_length) == 0) return (size_t)(found - bytes);
    from = (size_t)(found - bytes) + 1;
  }
  return length;
}

size_t oomsh_find_byte(const uint8_t *bytes, size_t length, size_t from, uint8_t byte) {
  if (from >= length) return length;
  const uint8_t *found = memchr(bytes + from, byte, length - from);
  return found ? (size_t)(found - bytes) : length;
}

// Whether either of two bytes is among sixteen.
static inline int has_either(const uint8_t *bytes, uint8_t byte, uint8_t other) {
  typedef uint8_t vector __attribute__((vector_size(16)));
  vector here;
  memcpy(&here, bytes, sizeof here);
  const vector truths = (vector)((here == byte) | (here == other));
  uint64_t halves[2];
  memcpy(halves, &truths, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

// Sixteen bytes at a time, the last ones together with some of those before: which of them it is is
// only asked where there is one.
size_t oomsh_find_either(
    const uint8_t *bytes, size_t length, size_t from, uint8_t byte, uint8_t other) {
  size_t at = from;
  while (at + 16 <= length && !has_either(bytes + at, byte, other)) at += 16;
  if (at + 16 > length && at >= from + 16 && !has_either(bytes + length - 16, byte, other)) {
    return length;
  }
  while (at < length && bytes[at] != byte && bytes[at] != other) at++;
  return at < length ? at : length;
}

size_t oomsh_find_last_byte(const uint8_t *bytes, size_t length, uint8_t byte) {
  const uint8_t *found = length ? memrchr(bytes, byte, length) : NULL;
  return found ? (size_t)(found - bytes) : length;
}
