// Which vector instructions this build may use. Swift has no `#if` for them. As macros they are constants to the Swift
// compiler itself, under the very flags Swift code is compiled with (-Xcc -march=…): of the kernels for several
// processors it compiles the one that is used, and drops the others before it has specialised them.

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__aarch64__)
#define TARGET_HAS_FMA 1
#else
#define TARGET_HAS_FMA 0
#endif

#if defined(__AVX2__)
#define TARGET_HAS_AVX2 1
#else
#define TARGET_HAS_AVX2 0
#endif

#if defined(__AVX512F__)
#define TARGET_HAS_AVX512 1
#else
#define TARGET_HAS_AVX512 0
#endif

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

// Tells the processor that a loop does nothing but wait.
static inline void spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The square root. Swift's own may tell the C library of numbers below zero, and a loop that may do so is not turned into
// vector instructions.
static inline float square_root(float x) { return __builtin_elementwise_sqrt(x); }
