// Which vector instructions this build may use. Swift has no `#if` for them; these inline
// functions are folded to constants under the very flags Swift code is compiled with
// (-Xcc -march=…), so that a kernel can choose at compile time.

static inline int target_has_fma(void) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__aarch64__)
  return 1;
#else
  return 0;
#endif
}

static inline int target_has_avx2(void) {
#if defined(__AVX2__)
  return 1;
#else
  return 0;
#endif
}

static inline int target_has_avx512(void) {
#if defined(__AVX512F__)
  return 1;
#else
  return 0;
#endif
}

// Fetches the cache line at an address that is about to be written.
static inline void prefetch_for_writing(const void *address) {
  __builtin_prefetch(address, 1, 3);
}

// Fetches the cache line at an address that is read a little later, past the first-level cache.
static inline void prefetch_for_reading(const void *address) {
  __builtin_prefetch(address, 0, 2);
}

// Fetches the cache line at an address that is read very soon.
static inline void prefetch_for_reading_now(const void *address) {
  __builtin_prefetch(address, 0, 3);
}
