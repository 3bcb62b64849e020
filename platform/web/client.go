package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

const assetsRoute = "/assets/:version/*path"

// ClientFiles is the browser client, ready to be sent. Its files live under
// /assets/{hash of all}/…, so that they can be cached for ever; index.html
// names the hash and is always asked for anew.
type ClientFiles struct {
	version string
	index   clientFile
	files   map[string]clientFile
}

type clientFile struct {
	contentType string
	plain, gzip []byte // gzip is nil when it would not be smaller
}

// NewClientFiles reads the client from files. In index.html the placeholder
// {{.Assets}} becomes the path under which the other files are served.
func NewClientFiles(files fs.FS) (*ClientFiles, error) {
	c := &ClientFiles{files: map[string]clientFile{}}
	sum := sha256.New()
	var index []byte
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(sum, "%s %d\n", name, len(data))
		_, _ = sum.Write(data)
		if name == "index.html" {
			index = data
			return nil
		}
		c.files[name] = newClientFile(name, data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the browser client: %w", err)
	}
	c.version = hex.EncodeToString(sum.Sum(nil)[:8])
	page, err := template.New("index.html").Parse(string(index))
	if err != nil {
		return nil, fmt.Errorf("read index.html: %w", err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, map[string]string{"Assets": "/assets/" + c.version}); err != nil {
		return nil, fmt.Errorf("fill index.html: %w", err)
	}
	c.index = newClientFile("index.html", out.Bytes())
	return c, nil
}

func newClientFile(name string, data []byte) clientFile {
	f := clientFile{contentType: mime.TypeByExtension(path.Ext(name)), plain: data}
	switch path.Ext(name) { // a machine's own table of types must not change the answer
	case ".js", ".mjs":
		f.contentType = "text/javascript; charset=utf-8"
	case ".css":
		f.contentType = "text/css; charset=utf-8"
	case ".json", ".webmanifest":
		f.contentType = "application/json"
	case ".svg":
		f.contentType = "image/svg+xml"
	case ".html":
		f.contentType = "text/html; charset=utf-8"
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return f
	}
	_, _ = w.Write(data) // a bytes.Buffer takes everything
	_ = w.Close()
	if packed.Len() < len(data)*9/10 {
		f.gzip = packed.Bytes()
	}
	return f
}

func (f clientFile) send(c *gin.Context) {
	c.Writer.Header().Add("Vary", "Accept-Encoding")
	body := f.plain
	if f.gzip != nil && slices.ContainsFunc(strings.Split(c.GetHeader("Accept-Encoding"), ","), acceptsGzip) {
		c.Header("Content-Encoding", "gzip")
		body = f.gzip
	}
	c.Data(http.StatusOK, f.contentType, body)
}

func acceptsGzip(token string) bool {
	name, quality, _ := strings.Cut(strings.TrimSpace(token), ";")
	return name == "gzip" && !strings.HasPrefix(strings.ReplaceAll(quality, " ", ""), "q=0.0") && strings.TrimSpace(quality) != "q=0"
}

// registerFallback serves the browser client: its assets, and index.html at
// every address that is not the API's. Everything else is a 404.
func (s *Server) registerFallback(client *ClientFiles) {
	if client != nil {
		assets := func(c *gin.Context) {
			f, ok := client.files[strings.TrimPrefix(c.Param("path"), "/")]
			if !ok {
				WriteProblem(c.Writer, c.Request, ErrRouteNotFound)
				return
			}
			if c.Param("version") == client.version {
				c.Header("Cache-Control", "public, max-age=31536000, immutable")
			} else { // an old page asks the new program: answer, but don't let it stick
				c.Header("Cache-Control", "no-store")
			}
			f.send(c)
		}
		s.engine.GET(assetsRoute, assets)
		s.engine.HEAD(assetsRoute, assets)
	}
	s.engine.NoRoute(func(c *gin.Context) {
		c.Status(http.StatusOK) // gin has set 404 already; each branch says its own
		p := c.Request.URL.Path
		page := (c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead) &&
			!slices.Contains([]string{"api", "media", "assets", "ws"}, firstSegment(p))
		if client == nil || !page {
			WriteProblem(c.Writer, c.Request, ErrRouteNotFound)
			return
		}
		if p == "/favicon.ico" {
			if icon, ok := client.files["favicon.svg"]; ok {
				icon.send(c)
				return
			}
		}
		c.Header("Cache-Control", "no-cache")
		client.index.send(c)
	})
	s.engine.NoMethod(func(c *gin.Context) {
		writeProblem(c.Writer, plainProblem(c.Request.Context(), http.StatusMethodNotAllowed, "route.method_not_allowed", "This address doesn't take that method."))
	})
}

// firstSegment returns what stands between the first two slashes of a path.
func firstSegment(path string) string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return segment
}
