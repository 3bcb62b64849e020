package web

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// addExamples gives every body of the document an example, made of the
// examples of its fields: a reader sees a whole request and a whole answer, and
// the two can't drift from the schema.
func addExamples(api *huma.OpenAPI) {
	e := exampler{schemas: api.Components.Schemas}
	for _, path := range api.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			if op.RequestBody != nil {
				e.fill(op.RequestBody.Content)
			}
			for status, response := range op.Responses {
				if strings.HasPrefix(status, "2") {
					e.fill(response.Content)
				}
			}
		}
	}
}

type exampler struct{ schemas huma.Registry }

func (e exampler) fill(content map[string]*huma.MediaType) {
	for kind, media := range content {
		// A form's fields are told by its schema; a file has no example in text.
		if media.Schema == nil || media.Example != nil || !strings.Contains(kind, "json") {
			continue
		}
		media.Example = e.of(media.Schema, 0)
	}
}

// deepest is how far examples reach into schemas that hold themselves.
const deepest = 8

// of returns an example of a schema, or nil.
func (e exampler) of(s *huma.Schema, depth int) any {
	if s.Ref != "" {
		s = e.schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case s == nil || depth > deepest:
		return nil
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0:
		return e.of(s.OneOf[0], depth+1)
	case s.Type == huma.TypeObject || len(s.Properties) > 0:
		return e.object(s, depth)
	case s.Type == huma.TypeArray && s.Items != nil:
		if item := e.of(s.Items, depth+1); item != nil {
			return []any{item}
		}
		return []any{}
	case s.Nullable:
		return nil
	}
	switch s.Type {
	case huma.TypeString:
		return map[string]string{"date-time": "2026-11-21T09:30:00Z", "date": "2026-11-21", "uri": "https://rally.example/"}[s.Format]
	case huma.TypeInteger, huma.TypeNumber:
		return 0
	case huma.TypeBoolean:
		return false
	}
	return nil
}

func (e exampler) object(s *huma.Schema, depth int) any {
	example := make(map[string]any, len(s.Properties))
	for name, property := range s.Properties {
		if name == "$schema" {
			continue
		}
		example[name] = e.of(property, depth+1)
	}
	return example
}
