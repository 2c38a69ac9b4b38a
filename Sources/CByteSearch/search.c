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

size_t oomsh_find(
    const uint8_t *bytes, size_t length, size_t from, const uint8_t *needle, size_t needle_length) {
  if (from >= length) return length;
  const uint8_t *found = memmem(bytes + from, length - from, needle, needle_length);
  return found ? (size_t)(found - bytes) : length;
}

size_t oomsh_find_byte(const uint8_t *bytes, size_t length, size_t from, uint8_t byte) {
  if (from >= length) return length;
  const uint8_t *found = memchr(bytes + from, byte, length - from);
  return found ? (size_t)(found - bytes) : length;
}

size_t oomsh_find_last_byte(const uint8_t *bytes, size_t length, uint8_t byte) {
  const uint8_t *found = length ? memrchr(bytes, byte, length) : NULL;
  return found ? (size_t)(found - bytes) : length;
}
