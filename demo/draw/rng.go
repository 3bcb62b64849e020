package draw

// rng is a small random source whose sequence is fixed by its seed for good,
// unlike those of the standard library.
type rng struct{ s uint64 }

// newRng mixes a seed with a purpose, so that two uses of a seed don't repeat
// each other.
func newRng(seed uint64, purpose string) *rng {
	h := uint64(14695981039346656037)
	for i := 0; i < len(purpose); i++ {
		h = (h ^ uint64(purpose[i])) * 1099511628211
	}
	// Seeds in a row must not give the same numbers one step apart.
	return &rng{scramble(seed ^ scramble(h))}
}

func (r *rng) next() uint64 {
	r.s += 0x9E3779B97F4A7C15
	return scramble(r.s)
}

func scramble(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// f is a number from lo to hi.
func (r *rng) f(lo, hi float64) float64 {
	return lo + (hi-lo)*float64(r.next()>>11)/(1<<53)
}

// n is a whole number from 0 to k-1.
func (r *rng) n(k int) int { return int(r.next() % uint64(k)) } //nolint:gosec // k is a small count

// chance is true with the probability p.
func (r *rng) chance(p float64) bool { return r.f(0, 1) < p }

// pick chooses one of the values.
func pick[T any](r *rng, v ...T) T { return v[r.n(len(v))] }
