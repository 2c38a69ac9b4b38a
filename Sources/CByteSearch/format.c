#include "CByteSearch.h"
#include "digits.h"

// A path has no more bytes.
#define LONGEST 4096

// What the bytes of a field may be. A name may hold anything; here it may not hold what parts the
// fields of a line, or what a carrier may have put in: whoever has such a line reads it otherwise.
// Each function marks those of sixteen bytes that are none of such a field; a zero is of none.
typedef uint8_t vector __attribute__((vector_size(16)));

static inline vector not_text(vector here) {
  return (vector)((here < ' ') | (here == 0x7F) | (here == ',') | (here == '#')
                  | ((here & 0xFE) == '(') | (here - '[' < 3));
}

static inline vector not_word(vector here) { return not_text(here) | (vector)(here == ' '); }

static inline vector not_mask(vector here) {
  return (vector)((here - '0' >= 10) & (here - 'a' >= 6) & (here != 'x'));
}

// Zeros follow: what begins so many bytes before the middle is the mask of a text of that length.
static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                  255, 255, 255, 255, 255, 255, 255, 255};

// The words between the fields are short: to call memcmp would take longer than to compare.
static inline int stands(
    const uint8_t *bytes, size_t length, size_t at, const struct oomsh_step *step) {
  if (length - at >= sizeof step->text) {
    const uint8_t *mask = masks + 16 - step->length;
    const uint64_t first = oomsh_eight(bytes + at) ^ oomsh_eight(step->text);
    const uint64_t second = oomsh_eight(bytes + at + 8) ^ oomsh_eight(step->text + 8);
    return ((first & oomsh_eight(mask)) | (second & oomsh_eight(mask + 8))) == 0;
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

// The end of a field of so many bytes at the most, of which sixteen are looked at at a time; zeros
// stand in for those behind the end of all.
static inline size_t end_of_run(
    const uint8_t *bytes, size_t length, size_t at, vector (*others)(vector), size_t longest) {
  const size_t stop = length - at > longest ? at + longest : length;
  for (; at < stop; at += sizeof(vector)) {
    vector here = {0};
    if (length - at >= sizeof here) {
      memcpy(&here, bytes + at, sizeof here);
    } else {
      memcpy(&here, bytes + at, length - at);
    }
    const vector odd = others(here);
    uint8_t marks[sizeof odd];
    memcpy(marks, &odd, sizeof odd);
    const uint64_t first = oomsh_eight(marks), second = oomsh_eight(marks + 8);
    if ((first | second) == 0) continue;
    at += (unsigned)(first ? __builtin_ctzll(first) : 64 + __builtin_ctzll(second)) / 8;
    break;
  }
  return at < stop ? at : stop;
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
    case OOMSH_FIELD_NAME: at = end_of_run(bytes, length, at, not_text, 15); break;
    case OOMSH_FIELD_WORD: at = end_of_run(bytes, length, at, not_word, 15); break;
    case OOMSH_FIELD_MASK: at = end_of_run(bytes, length, at, not_mask, 18); break;
    case OOMSH_FIELD_TEXT: at = end_of_run(bytes, length, at, not_text, LONGEST); break;
    }
    if (at == start) return OOMSH_NOT_PRINTED;
    *values++ = (struct oomsh_printed){number, start, at};
  }
  return at;
}
