#include "CByteSearch.h"
#include "words.h"
#include <string.h>

// The search for many words at once follows the "Teddy" algorithm of Intel's Hyperscan. Each of
// the three bytes of a pivot has two tables of sixteen entries, one for each of a byte's halves;
// an entry's bits are the buckets whose words have that half byte there. ANDing the six entries of
// three bytes in a row leaves the buckets that may have a word there: nearly always none.

#define PIVOT 3
#define BUCKETS 8

static const struct word {
  const char *text;
  size_t length, pivot;
  uint32_t category;
  uint8_t bucket;
} words[] = {
#define ROW(CATEGORY, BUCKET, TEXT, AT) {TEXT, sizeof TEXT - 1, AT, CATEGORY, 1u << BUCKET},
    OOMSH_WORDS(ROW)
#undef ROW
};

#define WORDS (sizeof words / sizeof *words)

static uint8_t low_halves[PIVOT][16] __attribute__((aligned(16)));
static uint8_t high_halves[PIVOT][16] __attribute__((aligned(16)));
// The same for a whole byte, for where there are no vectors.
static uint8_t whole_bytes[PIVOT][256];

// Runs before anything can search.
__attribute__((constructor)) static void fill_tables(void) {
  for (const struct word *word = words; word < words + WORDS; word++) {
    for (int i = 0; i < PIVOT; i++) {
      const uint8_t byte = (uint8_t)word->text[word->pivot + (size_t)i];
      low_halves[i][byte & 15] |= word->bucket;
      high_halves[i][byte >> 4] |= word->bucket;
      whole_bytes[i][byte] |= word->bucket;
    }
  }
}

static uint8_t buckets_of(uint32_t categories) {
  uint8_t buckets = 0;
  for (size_t i = 0; i < WORDS; i++) {
    if (words[i].category & categories) buckets |= words[i].bucket;
  }
  return buckets;
}

static inline uint8_t buckets_at(const uint8_t *bytes) {
  return whole_bytes[0][bytes[0]] & whole_bytes[1][bytes[1]] & whole_bytes[2][bytes[2]];
}

// One search: where it may look, what for, and what it found.
struct search {
  const uint8_t *bytes;
  size_t length, from;
  uint32_t categories;
  uint8_t buckets;
  struct oomsh_key *found;
};

// Whether a word has its pivot at `at`. Its line breaks are the caller's to count: a word has none.
static int verify(const struct search *search, size_t at) {
  const uint8_t buckets = buckets_at(search->bytes + at) & search->buckets;
  if (!buckets) return 0;
  for (const struct word *word = words; word < words + WORDS; word++) {
    if (!(word->bucket & buckets) || !(word->category & search->categories)) continue;
    if (at - search->from < word->pivot) continue;
    const size_t start = at - word->pivot;
    if (search->length - start < word->length) continue;
    if (memcmp(search->bytes + start, word->text, word->length) != 0) continue;
    search->found->offset = start;
    search->found->category = word->category;
    return 1;
  }
  return 0;
}

// Searches the pivots from `at` on, behind `newlines` line breaks.
static void find_plain(const struct search *search, size_t at, size_t newlines) {
  const uint8_t *bytes = search->bytes;
  for (; at + PIVOT <= search->length; at++) {
    if ((buckets_at(bytes + at) & search->buckets) && verify(search, at)) {
      search->found->newlines = newlines;
      return;
    }
    newlines += bytes[at] == '\n';
  }
  for (; at < search->length; at++) newlines += bytes[at] == '\n';
  search->found->newlines = newlines;
}

#if defined(__x86_64__)
#include <immintrin.h>

typedef uint8_t vector16 __attribute__((vector_size(16)));
typedef uint8_t vector32 __attribute__((vector_size(32)));

#define SSSE3 __attribute__((target("ssse3,popcnt")))
#define AVX2 __attribute__((target("avx2,popcnt")))

SSSE3 static inline vector16 load16(const uint8_t *bytes) {
  return (vector16)_mm_loadu_si128((const __m128i *)bytes);
}
SSSE3 static inline vector16 table16(const uint8_t *table) { return load16(table); }
SSSE3 static inline vector16 choose16(vector16 table, vector16 index) {
  return (vector16)_mm_shuffle_epi8((__m128i)table, (__m128i)index);
}
SSSE3 static inline vector16 high16(vector16 bytes) {
  return (vector16)_mm_srli_epi16((__m128i)bytes, 4) & 15;
}
SSSE3 static inline uint32_t mask16(vector16 truths) {
  return (uint32_t)_mm_movemask_epi8((__m128i)truths);
}
SSSE3 static inline size_t sum16(vector16 bytes) {
  const __m128i sums = _mm_sad_epu8((__m128i)bytes, _mm_setzero_si128());
  return (size_t)_mm_cvtsi128_si64(sums) + (size_t)_mm_cvtsi128_si64(_mm_srli_si128(sums, 8));
}

AVX2 static inline vector32 load32(const uint8_t *bytes) {
  return (vector32)_mm256_loadu_si256((const __m256i *)bytes);
}
AVX2 static inline vector32 table32(const uint8_t *table) {
  return (vector32)_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}
AVX2 static inline vector32 choose32(vector32 table, vector32 index) {
  return (vector32)_mm256_shuffle_epi8((__m256i)table, (__m256i)index);
}
AVX2 static inline vector32 high32(vector32 bytes) {
  return (vector32)_mm256_srli_epi16((__m256i)bytes, 4) & 15;
}
AVX2 static inline uint32_t mask32(vector32 truths) {
  return (uint32_t)_mm256_movemask_epi8((__m256i)truths);
}
AVX2 static inline size_t sum32(vector32 bytes) {
  return sum16((vector16)_mm256_castsi256_si128((__m256i)bytes))
         + sum16((vector16)_mm256_extracti128_si256((__m256i)bytes, 1));
}

// The same loop for two widths of vector. A shuffle takes a byte's low half as it is, and gives 0
// for a byte above 127, which no word has. It runs over so many vectors at a time as cannot make a
// count of newlines reach 256, and leaves them where a vector has a candidate.
#define FIND(WIDTH, TARGET)                                                                        \
  TARGET static void find##WIDTH(const struct search *search) {                                    \
    typedef vector##WIDTH vector;                                                                  \
    const uint8_t *bytes = search->bytes;                                                          \
    const size_t end = search->length;                                                             \
    size_t newlines = 0, at = search->from;                                                        \
    while (end - at >= WIDTH + PIVOT - 1) {                                                        \
      const vector low0 = table##WIDTH(low_halves[0]) & search->buckets;                           \
      const vector low1 = table##WIDTH(low_halves[1]), low2 = table##WIDTH(low_halves[2]);         \
      const vector high0 = table##WIDTH(high_halves[0]), high1 = table##WIDTH(high_halves[1]);     \
      const vector high2 = table##WIDTH(high_halves[2]);                                           \
      const size_t vectors = (end - at - (PIVOT - 1)) / WIDTH;                                     \
      const size_t stop = at + WIDTH * (vectors < 255 ? vectors : 255);                            \
      uint32_t candidates = 0;                                                                     \
      vector counts = {0};                                                                         \
      for (; at < stop; at += WIDTH) {                                                             \
        const vector first = load##WIDTH(bytes + at), second = load##WIDTH(bytes + at + 1);        \
        const vector third = load##WIDTH(bytes + at + 2);                                          \
        const vector buckets = choose##WIDTH(low0, first)                                          \
                               & choose##WIDTH(high0, high##WIDTH(first))                          \
                               & choose##WIDTH(low1, second)                                       \
                               & choose##WIDTH(high1, high##WIDTH(second))                         \
                               & choose##WIDTH(low2, third)                                        \
                               & choose##WIDTH(high2, high##WIDTH(third));                         \
        candidates = mask##WIDTH((vector)(buckets != 0));                                          \
        if (__builtin_expect(candidates != 0, 0)) break;                                           \
        counts -= (vector)(first == '\n');                                                         \
      }                                                                                            \
      newlines += sum##WIDTH(counts);                                                              \
      if (!candidates) continue;                                                                   \
      const uint32_t breaks = mask##WIDTH((vector)(load##WIDTH(bytes + at) == '\n'));              \
      for (; candidates; candidates &= candidates - 1) {                                           \
        const unsigned bit = (unsigned)__builtin_ctz(candidates);                                  \
        if (!verify(search, at + bit)) continue;                                                   \
        search->found->newlines =                                                                  \
            newlines + (size_t)__builtin_popcount(breaks & ((1u << bit) - 1));                     \
        return;                                                                                    \
      }                                                                                            \
      newlines += (size_t)__builtin_popcount(breaks);                                              \
      at += WIDTH;                                                                                 \
    }                                                                                              \
    find_plain(search, at, newlines);                                                              \
  }

FIND(16, SSSE3)
FIND(32, AVX2)

static int has_ssse3(void) {
  return __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt");
}
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && has_ssse3(); }
#else
static void find16(const struct search *search) { find_plain(search, search->from, 0); }
static void find32(const struct search *search) { find_plain(search, search->from, 0); }
static int has_ssse3(void) { return 0; }
static int has_avx2(void) { return 0; }
#endif

int oomsh_find_key_by(
    enum oomsh_path path, const uint8_t *bytes, size_t length, size_t from, uint32_t categories,
    struct oomsh_key *found) {
  *found = (struct oomsh_key){.offset = length};
  if (from > length) from = length;
  const struct search search = {bytes, length, from, categories, buckets_of(categories), found};
  switch (path) {
  case OOMSH_PATH_PLAIN: find_plain(&search, from, 0); return 1;
  case OOMSH_PATH_SSSE3: return has_ssse3() ? (find16(&search), 1) : 0;
  case OOMSH_PATH_AVX2: return has_avx2() ? (find32(&search), 1) : 0;
  }
  return 0;
}

void oomsh_find_key(
    const uint8_t *bytes, size_t length, size_t from, uint32_t categories,
    struct oomsh_key *found) {
  const enum oomsh_path path = has_avx2()    ? OOMSH_PATH_AVX2
                               : has_ssse3() ? OOMSH_PATH_SSSE3
                                             : OOMSH_PATH_PLAIN;
  oomsh_find_key_by(path, bytes, length, from, categories, found);
}

const char *oomsh_key_word(size_t index, uint32_t *category) {
  if (index >= WORDS) return NULL;
  *category = words[index].category;
  return words[index].text;
}
