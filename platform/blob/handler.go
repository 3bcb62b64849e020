package blob

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"gocloud.dev/blob"
)

// mediaPath is where pictures are served.
const mediaPath = "/media/"

// Handler serves GET and HEAD of /media/{key…}, also ranges and conditions.
// Where there is no copy of the asked size, it answers with the next larger
// one. The reply forbids the browser to see anything but a picture in it.
// writeError answers where there is no picture: with ErrNotFound, or with the
// error of a store that doesn't answer.
func (s *Store) Handler(writeError func(w http.ResponseWriter, r *http.Request, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, _ := strings.CutPrefix(r.URL.Path, mediaPath)
		picture, err := s.nearest(r.Context(), key)
		if err != nil {
			writeError(w, r, err)
			return
		}
		defer func() { _ = picture.Close() }()
		contentType, _ := typeOf(key)
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", path.Base(key))) // of a-z, 0-9, _ and - only
		h.Set("ETag", fmt.Sprintf(`"%x-%x"`, picture.ModTime().UnixNano(), picture.Size()))
		h.Set("Cache-Control", cacheControl)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		http.ServeContent(w, r, "", picture.ModTime(), picture)
	})
}

// nearest opens the picture under key, or else in the next larger size. The
// answer may be kept for good either way: the sizes are written before anybody
// knows the key.
func (s *Store) nearest(ctx context.Context, key string) (*blob.Reader, error) {
	picture, err := s.reader(ctx, key)
	for _, k := range larger(key) {
		if !errors.Is(err, ErrNotFound) {
			break
		}
		picture, err = s.reader(ctx, k)
	}
	return picture, err
}
