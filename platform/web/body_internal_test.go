package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// wired is an answer on a connection that notes its deadlines.
type wired struct {
	http.ResponseWriter

	deadlines []time.Time
}

func (w *wired) SetReadDeadline(t time.Time) error {
	w.deadlines = append(w.deadlines, t)
	return nil
}

// trickle gives out so many bytes at a time.
type trickle struct {
	left, step int64
	end        error
}

func (r *trickle) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, r.end
	}
	n := min(r.left, r.step, int64(len(p)))
	r.left -= n
	return int(n), nil
}

func (r *trickle) Close() error { return nil }

// earned reads a body to its end, and returns how much longer than its first
// deadline each later one is.
func earned(t *testing.T, body *trickle) (more []time.Duration) {
	t.Helper()
	w := &wired{ResponseWriter: httptest.NewRecorder()}
	b := &timedBody{ReadCloser: body, conn: http.NewResponseController(w), limit: 30 * time.Second}
	if _, err := io.Copy(io.Discard, struct{ io.Reader }{b}); err != nil && !errors.Is(err, body.end) {
		t.Fatal(err)
	}
	if last := w.deadlines[len(w.deadlines)-1]; !last.IsZero() {
		t.Errorf("the deadline stays: %s", last)
	}
	for _, d := range w.deadlines[1 : len(w.deadlines)-1] {
		more = append(more, d.Sub(w.deadlines[0]))
	}
	return more
}

func TestALargeBodyEarnsItsTime(t *testing.T) {
	for what, c := range map[string]struct {
		body     *trickle
		deadline int           // set after the first
		last     time.Duration // of those
	}{
		"nothing":              {&trickle{step: 1, end: io.EOF}, 0, 0},
		"a small one":          {&trickle{left: portion - 1, step: 1000, end: io.EOF}, 0, 0},
		"one portion":          {&trickle{left: portion, step: 1 << 14, end: io.EOF}, 1, 8 * time.Second},
		"many portions":        {&trickle{left: 100 << 20, step: 1 << 15, end: io.EOF}, 400, 3200 * time.Second},
		"bytes one by one":     {&trickle{left: 2*portion + 5, step: 1, end: io.EOF}, 2, 16 * time.Second},
		"one that breaks off":  {&trickle{left: portion + 5, step: 1 << 15, end: errors.New("gone")}, 1, 8 * time.Second},
		"one in larger pieces": {&trickle{left: 3 * portion, step: 1 << 20, end: io.EOF}, 3, 24 * time.Second},
	} {
		more := earned(t, c.body)
		if len(more) != c.deadline || len(more) > 0 && more[len(more)-1] != c.last {
			t.Errorf("%s: %d deadlines beyond the first, %v", what, len(more), more[max(0, len(more)-3):])
		}
		for i := 1; i < len(more); i++ {
			if more[i] <= more[i-1] {
				t.Errorf("%s: %s after %s", what, more[i], more[i-1])
			}
		}
	}
}

// Where there is no connection there is no deadline, and the body is read.
func TestABodyWithoutAConnectionIsRead(t *testing.T) {
	b := &timedBody{ReadCloser: io.NopCloser(strings.NewReader("words")), conn: http.NewResponseController(httptest.NewRecorder()), limit: time.Second}
	if data, err := io.ReadAll(b); err != nil || string(data) != "words" {
		t.Errorf("%q, %v", data, err)
	}
}
