#include "CByteSearch.h"
#include "digits.h"

// A path has no more bytes.
#define LONGEST 4096

// What the bytes of a field may be. A name may hold anything; here it may not hold what parts the
// fields of a line, or what a carrier may have put in: whoever has such a line reads it otherwise.
enum { TEXT = 1, WORD = 2, HEX = 4 };
static uint8_t classes[256];

// Runs before anything can be read.
__attribute__((constructor)) static void prepare(void) {
  for (int byte = ' '; byte < 256; byte++) {
    const int is_odd = byte == 0x7F || strchr(",()[]\\#", byte) != NULL;
    if (!is_odd) classes[byte] = byte == ' ' ? TEXT : TEXT | WORD;
  }
  for (const char *digit = "0123456789abcdefx"; *digit; digit++) classes[(uint8_t)*digit] |= HEX;
}

// The words between the fields are short: to call memcmp would take longer than to compare.
static inline int stands(
    const uint8_t *bytes, size_t length, size_t at, const struct oomsh_step *step) {
  if (length - at >= sizeof step->text) {
    const uint64_t first = oomsh_eight(bytes + at) ^ oomsh_eight(step->text);
    const uint64_t second = oomsh_eight(bytes + at + 8) ^ oomsh_eight(step->text + 8);
    // A shift by all bits of a word is none.
    const unsigned rest = 16u - step->length;
    if (rest >= 8) return rest == 16 || first << (8 * (rest - 8)) == 0;
    return first == 0 && second << (8 * rest) == 0;
  }
  return length - at >= step->length && memcmp(bytes + at, step->text, step->length) == 0;
}

// A figure that fits a number, whole; its end is its start where there is none.
static inline size_t read_digits(
    const uint8_t *bytes, size_t length, size_t at, int64_t *number) {
  size_t end = at;
  uint64_t value = 0;
  if (length - at >= 8) {
    unsigned count;
    value = oomsh_eight_digits(bytes + at, &count);
    end += count;
    if (count < 8) {
      *number = (int64_t)value;
      return end;
    }
  }
  for (; end < length && oomsh_is_digit(bytes[end]); end++) {
    if (end - at == 18) return at;
    value = value * 10 + (uint64_t)(bytes[end] - '0');
  }
  *number = (int64_t)value;
  return end;
}

static inline size_t read_number(
    const uint8_t *bytes, size_t length, size_t at, int64_t *number) {
  if (at == length || bytes[at] != '-') return read_digits(bytes, length, at, number);
  const size_t end = read_digits(bytes, length, at + 1, number);
  *number = -*number;
  return end > at + 1 ? end : at;
}

// A list of nodes has commas of its own: it ends before the one that no digit follows.
static inline size_t end_of_nodes(const uint8_t *bytes, size_t length, size_t at) {
  if (length - at >= 6 && memcmp(bytes + at, "(null)", 6) == 0) return at + 6;
  for (; at < length; at++) {
    const int goes_on = bytes[at] == ',' && at + 1 < length && oomsh_is_digit(bytes[at + 1]);
    if (!oomsh_is_digit(bytes[at]) && bytes[at] != '-' && !goes_on) break;
  }
  return at;
}

static inline size_t end_of_run(
    const uint8_t *bytes, size_t length, size_t at, uint8_t class, size_t longest) {
  const size_t stop = length - at > longest ? at + longest : length;
  while (at < stop && (classes[bytes[at]] & class)) at++;
  return at;
}

// Whether one of sixteen bytes is none of a text.
static inline int has_odd(const uint8_t *bytes) {
  typedef uint8_t vector __attribute__((vector_size(16)));
  vector here;
  memcpy(&here, bytes, sizeof here);
  const vector odd = (vector)((here < ' ') | (here == 0x7F) | (here == ',') | (here == '#')
                              | ((here & 0xFE) == '(') | (here - '[' < 3));
  uint64_t halves[2];
  memcpy(halves, &odd, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

// Of long texts, sixteen bytes at a time.
static inline size_t end_of_text(const uint8_t *bytes, size_t length, size_t at) {
  const size_t stop = length - at > LONGEST ? at + LONGEST : length;
  while (stop - at >= 16 && !has_odd(bytes + at)) at += 16;
  while (at < stop && (classes[bytes[at]] & TEXT)) at++;
  return at;
}

size_t oomsh_read_printed(
    const uint8_t *bytes, size_t length, size_t at, const struct oomsh_step *steps, size_t count,
    struct oomsh_printed *values) {
  if (at > length) return OOMSH_NOT_PRINTED;
  const struct oomsh_step *end = steps + count;
  for (const struct oomsh_step *step = steps; step < end; step++) {
    if (!stands(bytes, length, at, step)) {
      if (step->option == 0) return OOMSH_NOT_PRINTED;
      for (unsigned i = 0; i < step->fields; i++) *values++ = (struct oomsh_printed){0, 0, 0};
      step += step->option - 1;
      continue;
    }
    const size_t start = at += step->length;
    int64_t number = 0;
    switch (step->field) {
    case OOMSH_FIELD_NONE: continue;
    case OOMSH_FIELD_DIGITS: at = read_digits(bytes, length, at, &number); break;
    case OOMSH_FIELD_NUMBER: at = read_number(bytes, length, at, &number); break;
    case OOMSH_FIELD_NODES: at = end_of_nodes(bytes, length, at); break;
    case OOMSH_FIELD_NAME: at = end_of_run(bytes, length, at, TEXT, 15); break;
    case OOMSH_FIELD_WORD: at = end_of_run(bytes, length, at, WORD, 15); break;
    case OOMSH_FIELD_MASK: at = end_of_run(bytes, length, at, HEX, 18); break;
    case OOMSH_FIELD_TEXT: at = end_of_text(bytes, length, at); break;
    }
    if (at == start) return OOMSH_NOT_PRINTED;
    *values++ = (struct oomsh_printed){number, start, at};
  }
  return at;
}
