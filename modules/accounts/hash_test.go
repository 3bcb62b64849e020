package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"strings"
	"testing"
)

func testConfig() Config {
	return Config{AccessTTL: 900e9, SessionTTL: 720 * 3600e9, RefreshGrace: 30e9, PasswordMemory: 64, PasswordPasses: 1, PasswordQueue: 64}
}

func newTestHasher(t *testing.T, cfg Config) *hasher {
	t.Helper()
	h, err := newHasher(cfg, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashAndVerify(t *testing.T) {
	h := newTestHasher(t, testConfig())
	phc, err := h.hash(t.Context(), "wind-over-namsan")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%q, %v", phc, err)
	}
	if match, outdated, err := h.verify(t.Context(), phc, "wind-over-namsan"); !match || outdated || err != nil {
		t.Errorf("right: %t %t %v", match, outdated, err)
	}
	if match, _, err := h.verify(t.Context(), phc, "wind-over-namsaN"); match || err != nil {
		t.Errorf("wrong: %t %v", match, err)
	}
	if match, _, err := h.verify(t.Context(), h.dummy, ""); match || err != nil {
		t.Errorf("dummy: %t %v", match, err)
	}
	dearer := testConfig()
	dearer.PasswordPasses = 2
	if match, outdated, err := newTestHasher(t, dearer).verify(t.Context(), phc, "wind-over-namsan"); !match || !outdated || err != nil {
		t.Errorf("with other costs: %t %t %v", match, outdated, err)
	}
	again, err := h.hash(t.Context(), "wind-over-namsan")
	if err != nil || again == phc {
		t.Errorf("the salt repeats: %v", err)
	}
}

// From the tests of the reference implementation: 256 KiB, two passes.
func TestHashOfTheReferenceImplementation(t *testing.T) {
	parsed, err := parseHash("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
	if err != nil {
		t.Fatal(err)
	}
	if !parsed.matches("password") || parsed.matches("Password") {
		t.Error("the reference hash doesn't match")
	}
}

func TestTheLineForTheHasherIsBounded(t *testing.T) {
	cfg := testConfig()
	cfg.PasswordQueue = 1
	h := newTestHasher(t, cfg)
	cores := runtime.GOMAXPROCS(0)
	var releases []func()
	for range cores {
		release, err := h.acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, release)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiters := make(chan error, cores)
	for range cores {
		go func() {
			_, err := h.acquire(ctx)
			waiters <- err
		}()
	}
	for h.waiting.Load() < int64(cores) {
		runtime.Gosched()
	}
	if _, err := h.acquire(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	for range cores {
		if err := <-waiters; !errors.Is(err, ErrBusy) || !errors.Is(err, context.Canceled) {
			t.Errorf("a waiter whose context ended: %v", err)
		}
	}
	for _, release := range releases {
		release()
	}
	if n := h.waiting.Load(); n != 0 {
		t.Errorf("%d still count as waiting", n)
	}
	if _, err := h.hash(t.Context(), "x"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func FuzzParseHash(f *testing.F) {
	good := argonHash{params: argonParams{64, 1, 1}, salt: []byte("sixteen bytes ok"), hash: []byte("thirty-two bytes of hash, yes ok")}.String()
	for _, s := range []string{
		good, "", "$", "$$$$$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=4294967295", 1), strings.Replace(good, "m=64", "m=0", 1), strings.Replace(good, "m=64", "m=064", 1),
		strings.Replace(good, "t=1", "t=-1", 1), strings.Replace(good, "p=1", "p=255", 1), good + "$", good + "=", strings.Replace(good, "$m", "$\nm", 1),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parseHash(s)
		if err != nil {
			return
		}
		if h.String() != s {
			t.Errorf("%q was read as %q", s, h)
		}
		if h.params.memory > maxArgonMemory || h.params.passes > maxArgonPasses || h.params.lanes > maxArgonLanes ||
			h.params.memory == 0 || h.params.passes == 0 || h.params.lanes == 0 {
			t.Errorf("%q asks too much", s)
		}
	})
}
