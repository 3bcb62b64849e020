package blob

import (
	"fmt"
	"net/http"
	"strings"
)

// mediaPath is where pictures are served.
const mediaPath = "/media/"

// Handler serves GET and HEAD of /media/{key…}, also ranges and conditions.
// The reply forbids the browser to see anything but a picture in it. writeError
// answers where there is no picture: with ErrNotFound, or with the error of a
// store that doesn't answer.
func (s *Store) Handler(writeError func(w http.ResponseWriter, r *http.Request, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, _ := strings.CutPrefix(r.URL.Path, mediaPath)
		picture, err := s.reader(r.Context(), key)
		if err != nil {
			writeError(w, r, err)
			return
		}
		defer func() { _ = picture.Close() }()
		contentType, _ := typeOf(key)
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("ETag", fmt.Sprintf(`"%x-%x"`, picture.ModTime().UnixNano(), picture.Size()))
		h.Set("Cache-Control", cacheControl)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		http.ServeContent(w, r, "", picture.ModTime(), picture)
	})
}
