package blob

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"rally/platform/log"
)

// mediaPath is where pictures are served.
const mediaPath = "/media/"

// Handler serves GET and HEAD of /media/{key…}, also ranges and conditions.
// The reply forbids the browser to see anything but a picture in it.
func (s *Store) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	key, _ := strings.CutPrefix(r.URL.Path, mediaPath)
	picture, err := s.reader(r.Context(), key)
	switch {
	case errors.Is(err, ErrNotFound):
		refuse(w, http.StatusNotFound)
		return
	case err != nil:
		if r.Context().Err() == nil {
			log.From(r.Context()).Error("picture store does not answer", log.Err(err))
		}
		refuse(w, http.StatusServiceUnavailable)
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
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, strings.ToLower(http.StatusText(status)), status)
}
