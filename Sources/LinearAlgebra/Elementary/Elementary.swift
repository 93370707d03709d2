/// Elementary functions of `Float`, of one number and of every element of a buffer, and sums over buffers.
///
/// Goals, in this order:
///
/// 1. Right at ±0, ±∞ and at the ends of the range; NaN in, NaN out. Subnormal numbers count in full.
/// 2. A stated error, in units in the last place (ulp) of the exact result, for all arguments; the tests scan for it.
/// 3. One result for one number: an element's does not depend on its place in a buffer and equals the scalar form's, bit
///    for bit; a sum's order does not depend on threads or vector widths. (Builds with and without fused multiply-add may
///    differ from each other by a rounding.)
/// 4. Speed: polynomials over SIMD vectors, no tables, no calls.
public enum Elementary {}
