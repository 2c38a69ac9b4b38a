#ifndef OOMSH_DIGITS_H
#define OOMSH_DIGITS_H
#include <stdint.h>
#include <string.h>

// Eight bytes as a number, the first one in its lowest bits.
static inline uint64_t oomsh_eight(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline int oomsh_is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

// The number that up to eight digits make, and how many they are. Each digit is in a byte of one word:
// they are added up two by two, four by four and all together.
__attribute__((always_inline)) static inline uint64_t oomsh_eight_digits(
    const uint8_t *bytes, unsigned *count) {
  const uint64_t ones = 0x0101010101010101;
  uint64_t digits = oomsh_eight(bytes) ^ ones * '0';
  // The highest bit of each byte that is no digit; one behind such a byte may be taken for none too.
  const uint64_t others = (digits | (digits + ones * (0x7F - 9))) & ones * 0x80;
  *count = others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
  if (*count == 0) return 0;
  digits <<= 8 * (8 - *count);
  digits = digits * 10 + (digits >> 8);
  const uint64_t pairs = 0x000000FF000000FF;
  return ((digits & pairs) * (100 + (1000000ull << 32))
          + (digits >> 16 & pairs) * (1 + (10000ull << 32))) >> 32;
}

#endif
