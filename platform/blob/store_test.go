package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/blob"
	"rally/platform/log"
	"rally/platform/testkit"
	"rally/platform/web"
)

// ask sends a request straight to the handler, so that no client tidies the
// path up.
func ask(t *testing.T, s *blob.Store, method, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://rally.test/", nil)
	r.URL = &url.URL{Path: path}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler(web.WriteProblem).ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPicturesAreServed(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		p, data := put(t, s, encodeJPEG(t, quarters(80, 40)))
		path := blob.URL(p.Key)
		if path != "/media/"+p.Key {
			t.Fatalf("path %q", path)
		}
		r := ask(t, s, "GET", path)
		if r.StatusCode != 200 || bodyOf(t, r) != string(data) {
			t.Errorf("status %d, or other bytes", r.StatusCode)
		}
		for name, want := range map[string]string{
			"Content-Type": "image/jpeg", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Accept-Ranges": "bytes",
			"Content-Disposition": `inline; filename="` + filepath.Base(p.Key) + `"`,
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		etag := r.Header.Get("ETag")
		if len(etag) < 5 || r.ContentLength != p.Size {
			t.Errorf("ETag %s, length %d", etag, r.ContentLength)
		}
		if r = ask(t, s, "HEAD", path); r.StatusCode != 200 || bodyOf(t, r) != "" || r.ContentLength != p.Size || r.Header.Get("ETag") != etag {
			t.Errorf("HEAD: status %d, length %d", r.StatusCode, r.ContentLength)
		}
		if r = ask(t, s, "GET", path, "If-None-Match", etag); r.StatusCode != 304 || bodyOf(t, r) != "" {
			t.Errorf("If-None-Match: status %d", r.StatusCode)
		}
		if r = ask(t, s, "GET", path, "Range", "bytes=10-19"); r.StatusCode != 206 || bodyOf(t, r) != string(data[10:20]) {
			t.Errorf("Range: status %d", r.StatusCode)
		}
		if r = ask(t, s, "GET", path, "Range", "bytes=9999999-"); r.StatusCode != 416 || r.Header.Get("Cache-Control") != "" {
			t.Errorf("Range beyond the end: status %d, %v", r.StatusCode, r.Header)
		}
		if err := s.Delete(t.Context(), p.Key); err != nil {
			t.Fatal(err)
		}
		if r = ask(t, s, "GET", path); r.StatusCode != 404 || !strings.Contains(bodyOf(t, r), `"code":"blob.not_found"`) ||
			r.Header.Get("Content-Type") != web.ProblemType || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("deleted: status %d, %v", r.StatusCode, r.Header)
		}
		if err := s.Delete(t.Context(), p.Key); err != nil {
			t.Errorf("deleted twice: %v", err)
		}
		if _, err := s.Reader(t.Context(), p.Key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("reader: %v", err)
		}
	})
}

func TestNoPathLeadsOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, blob.Config{DataDir: dir})
	for _, name := range []string{"secret.jpg", "media/.hidden.jpg", "media/note.txt", "media/UPPER.jpg"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "media", "folder.jpg"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/media/../secret.jpg", "/media/..%2fsecret.jpg", "/media//../secret.jpg", "/media/x/../../secret.jpg", "/media/..\\secret.jpg",
		"/media/" + dir + "/secret.jpg", "/media//etc/passwd", "/media/", "/media", "", "/", "secret.jpg", "/media/note.txt", "/media/.hidden.jpg",
		"/media/UPPER.jpg", "/media/a\x00.jpg", "/media/folder.jpg", "/media/.jpg", "/media/a..jpg", "/media/a/.jpg", "/media/" + strings.Repeat("a", 300) + ".jpg",
		"/media/ä.jpg", "/media/a b.jpg",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			if r := ask(t, s, method, path); r.StatusCode != 404 || strings.Contains(bodyOf(t, r), "secret") {
				t.Errorf("%s %q: status %d", method, path, r.StatusCode)
			}
		}
	}
	if err := s.Delete(t.Context(), "../secret.jpg"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "secret.jpg")); err != nil {
		t.Error("Delete reached out")
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		data := encodePNG(t, quarters(8, 8))
		if err := s.Put(t.Context(), "demo/shoe-1.png", data, "image/png"); err != nil {
			t.Fatal(err)
		}
		// The demo world may be built twice.
		if err := s.Put(t.Context(), "demo/shoe-1.png", data, "image/png"); err != nil {
			t.Fatal(err)
		}
		if r := ask(t, s, "GET", "/media/demo/shoe-1.png"); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" || bodyOf(t, r) != string(data) {
			t.Errorf("status %d", r.StatusCode)
		}
		for key, contentType := range map[string]string{
			"demo/a.png": "image/jpeg", "demo/a.html": "text/html", "demo/a.svg": "image/svg+xml", "../a.png": "image/png", "demo/a": "image/png", "": "",
		} {
			if err := s.Put(t.Context(), key, data, contentType); err == nil {
				t.Errorf("%q as %s was taken", key, contentType)
			}
		}
		if err := s.Delete(t.Context(), "demo/shoe-1.png"); err != nil {
			t.Error(err)
		}
	})
}

func TestTheFolderHoldsPicturesOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, blob.Config{DataDir: filepath.Join(dir, "not", "there", "yet")})
	p, _ := put(t, s, encodeJPEG(t, quarters(30, 20)))
	if _, err := s.PutPicture(t.Context(), "posts", bytes.NewReader([]byte("no picture"))); err == nil {
		t.Error("text was taken")
	}
	var files []string
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "not", "there", "yet", "media", p.Key); len(files) != 1 || files[0] != want {
		t.Errorf("files %q, want %q", files, want)
	}
}

func TestAStoreThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, blob.Config{DataDir: dir})
	if err := os.WriteFile(filepath.Join(dir, "media", "posts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	core, logs := observer.New(zapcore.DebugLevel)
	r := httptest.NewRequestWithContext(log.With(t.Context(), zap.New(core)), "GET", "/media/posts/a.jpg", nil)
	w := httptest.NewRecorder()
	s.Handler(web.WriteProblem).ServeHTTP(w, r)
	if w.Code != 500 || w.Header().Get("Content-Type") != web.ProblemType || strings.Contains(w.Body.String(), dir) || logs.Len() != 1 ||
		!testkit.Mentions(logs, "error", "blob: read posts/a.jpg") {
		t.Errorf("status %d, %q, log %v", w.Code, w.Body, logs.All())
	}
	if _, err := s.PutPicture(t.Context(), "posts", bytes.NewReader(encodePNG(t, quarters(3, 3)))); err == nil {
		t.Error("written")
	}
}

func TestAStoreThatCantBeUsedStopsTheStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "media"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, cfg := range map[string]blob.Config{
		"RALLY_DATA_DIR=": {DataDir: dir},
		`RALLY_BLOB_URL="s3://bucket?region=us-east-1&endpoint=http://127.0.0.1:1&use_path_style=true&anonymous=true": can't use`: {
			URL: "s3://bucket?region=us-east-1&endpoint=http://127.0.0.1:1&use_path_style=true&anonymous=true",
		},
		`RALLY_BLOB_URL="s3://bucket?colour=red": can't open`: {URL: "s3://bucket?colour=red"},
		`RALLY_BLOB_URL="ftp://bucket": must be`:              {URL: "ftp://bucket"},
		`RALLY_BLOB_URL="s3:": must be`:                       {URL: "s3://"},
		`RALLY_BLOB_URL="s3://bucket/folder": must be`:        {URL: "s3://bucket/folder"},
		`RALLY_BLOB_URL="s3://me:xxxxx@bucket": must be`:      {URL: "s3://me:hunter2@bucket"},
		`RALLY_BLOB_URL="…": must be`:                         {URL: "s3://bu cket"},
	} {
		_, err := blob.Open(t.Context(), cfg)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v instead of %s", err, want)
		}
	}
}

// A real server, as it fails: its bucket is missing, it goes away while the
// program runs, it is away when the program starts.
func TestARealServerThatFails(t *testing.T) {
	t.Parallel()
	address, stop := testkit.S3Once(t)
	wrong := strings.Replace(address, "s3://", "s3://no-", 1)
	if _, err := blob.Open(t.Context(), blob.Config{URL: wrong}); err == nil || strings.Contains(err.Error(), "\n") ||
		!strings.HasPrefix(err.Error(), `RALLY_BLOB_URL="s3://no-`) || !strings.Contains(err.Error(), "NoSuchBucket") {
		t.Errorf("a bucket that isn't there: %v", err)
	}
	s := open(t, blob.Config{URL: address})
	p, _ := put(t, s, encodeJPEG(t, quarters(900, 30)))
	stop()
	core, logs := observer.New(zapcore.DebugLevel)
	r := httptest.NewRequestWithContext(log.With(t.Context(), zap.New(core)), "GET", blob.URL(blob.Variant(p.Key, blob.Small)), nil)
	w := httptest.NewRecorder()
	s.Handler(web.WriteProblem).ServeHTTP(w, r)
	if w.Code != 500 || w.Header().Get("Cache-Control") != "no-store" || strings.Contains(w.Body.String(), "127.0.0.1") || !testkit.Mentions(logs, "error", "blob: read "+blob.Variant(p.Key, blob.Small)) {
		t.Errorf("status %d, %v, %q, log %v", w.Code, w.Header(), w.Body, logs.All())
	}
	if n, err := s.Sweep(t.Context(), "posts", time.Now().Add(time.Hour), func(context.Context, []string) (map[string]bool, error) {
		return nil, errors.New("asked")
	}); n != 0 || err == nil || !strings.Contains(err.Error(), "blob: list posts") {
		t.Errorf("swept a server that is away: %d, %v", n, err)
	}
	_, err := blob.Open(t.Context(), blob.Config{URL: address})
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), `RALLY_BLOB_URL="s3://`) || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("a server that is away at the start: %v", err)
	}
}
