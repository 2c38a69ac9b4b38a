#include "CByteSearch.h"
#include "digits.h"

#define MICROS 1000000

// 100, which no clock shows, where no two digits stand.
static inline int two_digits(const uint8_t *bytes) {
  if (!oomsh_is_digit(bytes[0]) || !oomsh_is_digit(bytes[1])) return 100;
  return (bytes[0] - '0') * 10 + (bytes[1] - '0');
}

int64_t oomsh_day_micros(const uint8_t *bytes, size_t fraction) {
  const int hour = two_digits(bytes), minute = two_digits(bytes + 3), second = two_digits(bytes + 6);
  if (hour >= 24 || minute >= 60 || second >= 60 || bytes[2] != ':' || bytes[5] != ':') return -1;
  int64_t micros = 0;
  for (size_t i = 0; i < fraction; i++) {
    if (!oomsh_is_digit(bytes[9 + i])) return -1;
    micros = micros * 10 + (bytes[9 + i] - '0');
  }
  for (size_t i = fraction; fraction > 0 && i < 6; i++) micros *= 10;
  return (hour * 3600 + minute * 60 + second) * (int64_t)MICROS + micros;
}

int64_t oomsh_uptime(const uint8_t *bytes, size_t length, size_t *at) {
  size_t cursor = *at;
  if (cursor >= length || bytes[cursor] != '[') return -1;
  for (cursor++; cursor < length && bytes[cursor] == ' ';) cursor++;
  // Of the seconds there are nine digits at the most. Behind them come a dot, six digits, a bracket and a
  // blank.
  if (length - cursor < 10) return -1;
  unsigned count;
  int64_t seconds = (int64_t)oomsh_eight_digits(bytes + cursor, &count);
  cursor += count;
  if (count == 8 && oomsh_is_digit(bytes[cursor])) seconds = seconds * 10 + (bytes[cursor++] - '0');
  if (count == 0 || length - cursor < 9 || bytes[cursor] != '.' || bytes[cursor + 8] != ' ') return -1;
  const int64_t micros = (int64_t)oomsh_eight_digits(bytes + cursor + 1, &count);
  if (count != 6 || bytes[cursor + 7] != ']') return -1;
  *at = cursor + 9;
  return seconds * MICROS + micros;
}

// The same where all up to the dot of the stamp stands at another place too, behind which there are
// six digits.
static int repeats_seconds(
    const uint8_t *bytes, size_t length, size_t at, size_t other, struct oomsh_clocks *clocks) {
  const size_t fraction = clocks->message - other - 8;
  if (length - at <= fraction + 8 || memcmp(bytes + at, bytes + other, fraction) != 0) return 0;
  unsigned count;
  const int64_t micros = (int64_t)oomsh_eight_digits(bytes + at + fraction, &count);
  if (count != 6 || memcmp(bytes + at + fraction + 6, "] ", 2) != 0) return 0;
  clocks->uptime_micros += micros - clocks->uptime_micros % MICROS;
  clocks->message = at + fraction + 8;
  return 1;
}

int oomsh_repeats_prefix(
    const uint8_t *bytes, size_t length, size_t at, size_t other, const struct oomsh_prefix *prefix,
    struct oomsh_clocks *clocks) {
  if (at > length || length - at <= prefix->length) return 0;
  if (prefix->has_uptime && repeats_seconds(bytes, length, at, other, clocks)) return 1;
  const uint8_t *here = bytes + at, *there = bytes + other;
  if (memcmp(here, there, prefix->length) != 0) {
    const size_t clock = prefix->clock;
    if (clock == OOMSH_NO_CLOCK) return 0;
    const size_t end = clock + 8 + (prefix->fraction ? prefix->fraction + 1 : 0);
    if (memcmp(here, there, clock) != 0) return 0;
    if (memcmp(here + end, there + end, prefix->length - end) != 0) return 0;
    // What stands before the fraction, a dot or a comma.
    if (prefix->fraction && here[clock + 8] != there[clock + 8]) return 0;
    clocks->day_micros = oomsh_day_micros(here + clock, prefix->fraction);
    if (clocks->day_micros < 0) return 0;
  }
  clocks->message = at + prefix->length;
  if (!prefix->has_uptime) return clocks->message < length;
  clocks->uptime_micros = oomsh_uptime(bytes, length, &clocks->message);
  return clocks->uptime_micros >= 0;
}
