package web

import (
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	swaggerFiles "github.com/swaggo/files/v2"
)

// docsPolicy is the page policy of the API's documentation. Swagger UI sets
// style attributes and draws its icons from data URLs.
const docsPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

const docsPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Rally API</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script></body>
</html>
`

const docsStart = `SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
`

// registerDocs serves the OpenAPI document, and a page that shows it. All of
// it comes from the binary: nothing is loaded from elsewhere.
func (s *Server) registerDocs() error {
	for _, item := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Patch, item.Delete} {
			if op != nil {
				delete(op.Responses, "422") // huma's own word for bad input; ours is 400
			}
		}
	}
	document, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	s.engine.GET("/api/openapi.json", func(c *gin.Context) {
		c.Header("Cache-Control", "no-cache")
		c.Data(http.StatusOK, "application/vnd.oai.openapi+json;version=3.1", document)
	})
	page := func(contentType, body string) gin.HandlerFunc {
		return func(c *gin.Context) {
			c.Header("Content-Security-Policy", docsPolicy)
			c.Header("Cache-Control", "no-cache")
			c.Data(http.StatusOK, contentType, []byte(body))
		}
	}
	s.engine.GET("/api/docs", page("text/html; charset=utf-8", docsPage))
	s.engine.GET("/api/docs/", page("text/html; charset=utf-8", docsPage))
	s.engine.GET("/api/docs/start.js", page("text/javascript; charset=utf-8", docsStart))
	for _, name := range []string{"swagger-ui.css", "swagger-ui-bundle.js"} {
		s.engine.GET("/api/docs/"+name, func(c *gin.Context) {
			c.Header("Cache-Control", "public, max-age=86400")
			c.FileFromFS(name, http.FS(swaggerFiles.FS))
		})
	}
	return nil
}
