package web

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// acceptForms lets clients send forms where the operation speaks of JSON: the
// fields are turned into a JSON object by the types of the operation's schema,
// so that handlers know one shape only. Files beside them are for FilesOf;
// operations without a JSON body read their multipart bodies themselves.
func acceptForms(registry huma.Registry) func(huma.Context, func(huma.Context)) {
	return func(hctx huma.Context, next func(huma.Context)) {
		body := hctx.Operation().RequestBody
		if body == nil || body.Content["application/json"] == nil {
			next(hctx)
			return
		}
		mediaType, params, err := mime.ParseMediaType(hctx.Header("Content-Type"))
		if err != nil || (mediaType != "application/x-www-form-urlencoded" && mediaType != "multipart/form-data") {
			next(hctx)
			return
		}
		op := hctx.Operation()
		sent, err := readForm(hctx.BodyReader(), mediaType, params["boundary"], op)
		if err != nil {
			writeHumaProblem(hctx, humaError(hctx, http.StatusBadRequest, "", err).(*Problem))
			return
		}
		defer sent.close()
		schema := body.Content["application/json"].Schema
		encoded, err := json.Marshal(formObject(sent.values, schema, registry))
		if err != nil {
			writeHumaProblem(hctx, problemOf(hctx.Context(), ErrMalformed.WithCause(err)))
			return
		}
		if field, ok := op.Metadata[metaFiles].(string); ok {
			hctx = huma.WithValue(hctx, filesKey{}, sent.of(field))
		}
		next(&jsonBody{humaContext: hctx, body: bytes.NewReader(encoded)})
	}
}

// readForm reads the form that somebody sent to an operation. Only one that takes
// files keeps any.
func readForm(r io.Reader, mediaType, boundary string, op *huma.Operation) (form, error) {
	limit := maxBody(op)
	if mediaType == "multipart/form-data" && op.Metadata[metaFiles] != nil {
		return readFiles(r, boundary, limit)
	}
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return form{}, err
	}
	if int64(len(raw)) > limit {
		return form{}, &http.MaxBytesError{Limit: limit}
	}
	if mediaType == "multipart/form-data" {
		sent, err := readFiles(bytes.NewReader(raw), boundary, limit)
		defer sent.close()
		return form{values: sent.values}, err
	}
	values, err := url.ParseQuery(string(raw))
	return form{values: values}, err
}

// formObject gives each field the type that the schema asks for. A value that
// doesn't parse stays a string, so that validation names it.
func formObject(values url.Values, schema *huma.Schema, registry huma.Registry) map[string]any {
	if schema != nil && schema.Ref != "" {
		schema = registry.SchemaFromRef(schema.Ref)
	}
	object := make(map[string]any, len(values))
	for name, list := range values {
		var property *huma.Schema
		if schema != nil {
			property = schema.Properties[name]
		}
		if property != nil && property.Type == "array" {
			items := make([]any, len(list))
			for i, v := range list {
				items[i] = formValue(v, property.Items)
			}
			object[name] = items
			continue
		}
		if v := formValue(list[len(list)-1], property); v != nil {
			object[name] = v
		}
	}
	return object
}

func formValue(v string, schema *huma.Schema) any {
	if schema == nil {
		return v
	}
	trimmed := strings.TrimSpace(v)
	if trimmed == "" && schema.Type != "string" {
		return nil // an empty field of a form means: not given
	}
	switch schema.Type {
	case "integer":
		if n, err := strconv.ParseInt(trimmed, 10, 64); err == nil {
			return n
		}
	case "number":
		if n, err := strconv.ParseFloat(trimmed, 64); err == nil {
			return n
		}
	case "boolean":
		switch strings.ToLower(trimmed) {
		case "true", "1", "on", "yes":
			return true
		case "false", "0", "off", "no":
			return false
		}
	}
	return v
}

// jsonBody is a request whose form was rewritten as JSON.
type jsonBody struct {
	humaContext
	body io.Reader
}

// humaContext has a name of its own, since an embedded Context would hide the
// method Context.
type humaContext huma.Context

func (b *jsonBody) BodyReader() io.Reader { return b.body }

func (b *jsonBody) Unwrap() huma.Context { return b.humaContext }

func (b *jsonBody) Header(name string) string {
	if strings.EqualFold(name, "Content-Type") {
		return "application/json"
	}
	return b.humaContext.Header(name)
}
