#define _GNU_SOURCE
#include "CByteSearch.h"
#include <string.h>

// Candidates are found by a pair of bytes that is rare in logs: "-k" of "oom-kill", and "Ki" or
// "Ke" of "Kill" and "Kernel panic". A candidate is then verified, so a plain log costs one pass
// of vector compares and no calls.

static int is_key(const uint8_t *bytes, size_t length, size_t at, size_t *start) {
  static const char panic[] = "Kernel panic - not syncing: ";
  if (bytes[at] == '-') {
    if (at < 3 || length - at < 5 || memcmp(bytes + at - 3, "oom-kill", 8) != 0) return 0;
    *start = at - 3;
    return 1;
  }
  *start = at;
  if (length - at >= 4 && memcmp(bytes + at, "Kill", 4) == 0) return 1;
  return length - at >= sizeof panic - 1 && memcmp(bytes + at, panic, sizeof panic - 1) == 0;
}

static int is_pair(uint8_t first, uint8_t second) {
  return (first == '-' && second == 'k') || (first == 'K' && (second == 'i' || second == 'e'));
}

// Searches from `at` on; a key may begin before it, but not before `from`.
static size_t find_plain(
    const uint8_t *bytes, size_t length, size_t from, size_t at, size_t *newlines) {
  size_t count = 0, start;
  for (size_t i = at; i < length; i++) {
    if (i + 1 < length && is_pair(bytes[i], bytes[i + 1]) && is_key(bytes, length, i, &start)
        && start >= from) {
      *newlines += count;
      return start;
    }
    count += bytes[i] == '\n';
  }
  *newlines += count;
  return length;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define BELOW(bit) ((1ull << (bit)) - 1)

// The same loop for two widths of vector: LOAD, EQUAL and MASK are the width's own instructions.
#define FIND(NAME, TARGET, VECTOR, WIDTH, LOAD, SET1, EQUAL, OR, AND, MASK)                        \
  TARGET static size_t NAME(                                                                       \
      const uint8_t *bytes, size_t length, size_t from, size_t *newlines) {                        \
    const VECTOR dash = SET1('-'), k = SET1('k'), K = SET1('K'), low_i = SET1('i'),                \
                 low_e = SET1('e'), newline = SET1('\n');                                          \
    size_t count = 0, i = from;                                                                    \
    for (; i + WIDTH + 1 <= length; i += WIDTH) {                                                  \
      const VECTOR a = LOAD((const VECTOR *)(bytes + i));                                          \
      const VECTOR b = LOAD((const VECTOR *)(bytes + i + 1));                                      \
      const uint64_t lines = (uint32_t)MASK(EQUAL(a, newline));                                    \
      const VECTOR kill = AND(EQUAL(a, dash), EQUAL(b, k));                                        \
      const VECTOR upper = AND(EQUAL(a, K), OR(EQUAL(b, low_i), EQUAL(b, low_e)));                 \
      uint64_t pairs = (uint32_t)MASK(OR(kill, upper));                                            \
      while (pairs) {                                                                              \
        const unsigned bit = (unsigned)__builtin_ctzll(pairs);                                     \
        size_t start;                                                                              \
        if (is_key(bytes, length, i + bit, &start) && start >= from) {                             \
          /* "oom" before a dash may lie in the block before; it holds no newline */               \
          const size_t before = start > i ? start - i : 0;                                         \
          *newlines += count + (size_t)__builtin_popcountll(lines & BELOW(before));                \
          return start;                                                                            \
        }                                                                                          \
        pairs &= pairs - 1;                                                                        \
      }                                                                                            \
      count += (size_t)__builtin_popcountll(lines);                                                \
    }                                                                                              \
    *newlines += count;                                                                            \
    return find_plain(bytes, length, from, i, newlines);                                           \
  }

FIND(find_avx2, __attribute__((target("avx2,popcnt"))), __m256i, 32, _mm256_loadu_si256,
     _mm256_set1_epi8, _mm256_cmpeq_epi8, _mm256_or_si256, _mm256_and_si256, _mm256_movemask_epi8)
FIND(find_sse2, , __m128i, 16, _mm_loadu_si128, _mm_set1_epi8, _mm_cmpeq_epi8, _mm_or_si128,
     _mm_and_si128, _mm_movemask_epi8)

size_t oomsh_find_key(const uint8_t *bytes, size_t length, size_t from, size_t *newlines) {
  return __builtin_cpu_supports("avx2") ? find_avx2(bytes, length, from, newlines)
                                        : find_sse2(bytes, length, from, newlines);
}
#else
size_t oomsh_find_key(const uint8_t *bytes, size_t length, size_t from, size_t *newlines) {
  return find_plain(bytes, length, from, from, newlines);
}
#endif

size_t oomsh_count_newlines(const uint8_t *bytes, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += bytes[i] == '\n';
  return count;
}

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
