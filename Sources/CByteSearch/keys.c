#include "CByteSearch.h"
#include "words.h"
#include <string.h>

// The search for many words at once follows the "Teddy" algorithm of Intel's Hyperscan. Each of
// the three bytes of a pivot has two tables of sixteen entries, one for each of a byte's halves;
// an entry's bits are the buckets whose words have that half byte there. ANDing the six entries of
// three bytes in a row leaves the buckets that may have a word there: nearly always none. Where the
// machine can look a whole byte up at once, three tables of 128 entries do the same.

#define PIVOT 3
#define BUCKETS 8

static const struct word {
  const char *text;
  size_t length, pivot;
  uint32_t category;
  uint8_t bucket;
} words[] = {
#define ROW(CATEGORY, BUCKET, TEXT, AT) {TEXT, sizeof TEXT - 1, AT, CATEGORY, BUCKET},
    OOMSH_WORDS(ROW)
#undef ROW
};

#define WORDS (sizeof words / sizeof *words)
#define CATEGORY_SETS 16

// What to look for when some categories are wanted. Words of others leave no trace in it: their
// half bytes would make the search stop in vain.
static struct table {
  uint8_t low[PIVOT][16], high[PIVOT][16];
  uint8_t whole[PIVOT][256];
  // The words of each bucket, by their index; WORDS ends the list.
  uint8_t of_bucket[BUCKETS][WORDS + 1];
} tables[CATEGORY_SETS] __attribute__((aligned(64)));

static enum oomsh_path best_path;

static int has_path(enum oomsh_path path);

static void fill(struct table *table, uint32_t categories) {
  size_t counts[BUCKETS] = {0};
  for (size_t index = 0; index < WORDS; index++) {
    const struct word *word = &words[index];
    if (!(word->category & categories)) continue;
    const uint8_t bit = (uint8_t)(1u << word->bucket);
    for (size_t i = 0; i < PIVOT; i++) {
      const uint8_t byte = (uint8_t)word->text[word->pivot + i];
      table->low[i][byte & 15] |= bit;
      table->high[i][byte >> 4] |= bit;
      table->whole[i][byte] |= bit;
    }
    table->of_bucket[word->bucket][counts[word->bucket]++] = (uint8_t)index;
  }
  for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
    table->of_bucket[bucket][counts[bucket]] = WORDS;
  }
}

// Runs before anything can search.
__attribute__((constructor)) static void prepare(void) {
  for (uint32_t set = 0; set < CATEGORY_SETS; set++) fill(&tables[set], set);
  for (enum oomsh_path path = OOMSH_PATH_PLAIN; path <= OOMSH_PATH_AVX512; path++) {
    if (has_path(path)) best_path = path;
  }
}

static inline uint8_t buckets_at(const struct table *table, const uint8_t *bytes) {
  return table->whole[0][bytes[0]] & table->whole[1][bytes[1]] & table->whole[2][bytes[2]];
}

// One search: where it may look, what for, and what it found.
struct search {
  const uint8_t *bytes;
  size_t length, from;
  const struct table *table;
  struct oomsh_key *found;
};

// Whether a word has its pivot at `at`. Its line breaks are the caller's to count: a word has none.
static int verify(const struct search *search, size_t at) {
  unsigned buckets = buckets_at(search->table, search->bytes + at);
  for (; buckets; buckets &= buckets - 1) {
    const uint8_t *index = search->table->of_bucket[__builtin_ctz(buckets)];
    for (; *index < WORDS; index++) {
      const struct word *word = &words[*index];
      if (at - search->from < word->pivot) continue;
      const size_t start = at - word->pivot;
      if (search->length - start < word->length) continue;
      if (memcmp(search->bytes + start, word->text, word->length) != 0) continue;
      search->found->offset = start;
      search->found->category = word->category;
      return 1;
    }
  }
  return 0;
}

// Searches the pivots from `at` on, behind `newlines` line breaks.
static void find_plain(const struct search *search, size_t at, size_t newlines) {
  const uint8_t *bytes = search->bytes;
  for (; at + PIVOT <= search->length; at++) {
    if (buckets_at(search->table, bytes + at) && verify(search, at)) {
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
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,popcnt")))

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
    const struct table *table = search->table;                                                     \
    const size_t end = search->length;                                                             \
    size_t newlines = 0, at = search->from;                                                        \
    while (end - at >= WIDTH + PIVOT - 1) {                                                        \
      const vector low0 = table##WIDTH(table->low[0]), high0 = table##WIDTH(table->high[0]);       \
      const vector low1 = table##WIDTH(table->low[1]), high1 = table##WIDTH(table->high[1]);       \
      const vector low2 = table##WIDTH(table->low[2]), high2 = table##WIDTH(table->high[2]);       \
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

// A lookup takes the low seven bits of each byte: a byte above 127 may be taken for a letter, which
// costs a look at the text.
AVX512 static void find64(const struct search *search) {
  const uint8_t *bytes = search->bytes;
  __m512i low[PIVOT], high[PIVOT];
  for (int i = 0; i < PIVOT; i++) {
    low[i] = _mm512_loadu_si512(search->table->whole[i]);
    high[i] = _mm512_loadu_si512(search->table->whole[i] + 64);
  }
  const __m512i line_break = _mm512_set1_epi8('\n');
  const size_t end = search->length;
  size_t newlines = 0, at = search->from;
  for (; end - at >= 64 + PIVOT - 1; at += 64) {
    const __m512i first = _mm512_loadu_si512(bytes + at);
    const __m512i second = _mm512_loadu_si512(bytes + at + 1);
    const __m512i third = _mm512_loadu_si512(bytes + at + 2);
    const __m512i two = _mm512_and_si512(
        _mm512_permutex2var_epi8(low[0], first, high[0]),
        _mm512_permutex2var_epi8(low[1], second, high[1]));
    uint64_t candidates =
        _mm512_test_epi8_mask(two, _mm512_permutex2var_epi8(low[2], third, high[2]));
    const uint64_t breaks = _mm512_cmpeq_epi8_mask(first, line_break);
    for (; __builtin_expect(candidates != 0, 0); candidates &= candidates - 1) {
      const unsigned bit = (unsigned)__builtin_ctzll(candidates);
      if (!verify(search, at + bit)) continue;
      search->found->newlines =
          newlines + (size_t)__builtin_popcountll(breaks & ((1ull << bit) - 1));
      return;
    }
    newlines += (size_t)__builtin_popcountll(breaks);
  }
  find_plain(search, at, newlines);
}

AVX2 static size_t count32(const uint8_t *bytes, size_t length) {
  size_t count = 0, at = 0;
  while (length - at >= 32) {
    const size_t vectors = (length - at) / 32;
    const size_t stop = at + 32 * (vectors < 255 ? vectors : 255);
    vector32 counts = {0};
    for (; at < stop; at += 32) counts -= (vector32)(load32(bytes + at) == '\n');
    count += sum32(counts);
  }
  for (; at < length; at++) count += bytes[at] == '\n';
  return count;
}

static int has_path(enum oomsh_path path) {
  const int has_ssse3 = __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt");
  switch (path) {
  case OOMSH_PATH_PLAIN: return 1;
  case OOMSH_PATH_SSSE3: return has_ssse3;
  case OOMSH_PATH_AVX2: return has_ssse3 && __builtin_cpu_supports("avx2");
  case OOMSH_PATH_AVX512:
    return has_ssse3 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi");
  }
  return 0;
}
#else
static void find16(const struct search *search) { find_plain(search, search->from, 0); }
static void find32(const struct search *search) { find_plain(search, search->from, 0); }
static void find64(const struct search *search) { find_plain(search, search->from, 0); }
static int has_path(enum oomsh_path path) { return path == OOMSH_PATH_PLAIN; }
#endif

static void find(enum oomsh_path path, const struct search *search) {
  switch (path) {
  case OOMSH_PATH_PLAIN: find_plain(search, search->from, 0); return;
  case OOMSH_PATH_SSSE3: find16(search); return;
  case OOMSH_PATH_AVX2: find32(search); return;
  case OOMSH_PATH_AVX512: find64(search); return;
  }
}

int oomsh_find_key_by(
    enum oomsh_path path, const uint8_t *bytes, size_t length, size_t from, uint32_t categories,
    struct oomsh_key *found) {
  *found = (struct oomsh_key){.offset = length};
  if (from > length) from = length;
  if (!has_path(path)) return 0;
  find(path, &(struct search){bytes, length, from, &tables[categories % CATEGORY_SETS], found});
  return 1;
}

void oomsh_find_key(
    const uint8_t *bytes, size_t length, size_t from, uint32_t categories,
    struct oomsh_key *found) {
  *found = (struct oomsh_key){.offset = length};
  if (from > length) from = length;
  find(best_path, &(struct search){bytes, length, from, &tables[categories % CATEGORY_SETS], found});
}

size_t oomsh_count_newlines(const uint8_t *bytes, size_t length) {
#if defined(__x86_64__)
  if (best_path >= OOMSH_PATH_AVX2) return count32(bytes, length);
#endif
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += bytes[i] == '\n';
  return count;
}

const char *oomsh_key_word(size_t index, uint32_t *category) {
  if (index >= WORDS) return NULL;
  *category = words[index].category;
  return words[index].text;
}
