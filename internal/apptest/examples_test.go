package apptest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// Whoever reads the document sees what a body looks like, and what they see is
// what the schema allows.
func TestEveryOperationHasExamples(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	raw := s.Anonymous().Get("/api/openapi.json").Want(t, http.StatusOK).Body
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			RequestBody *struct {
				Content map[string]map[string]json.RawMessage
			}
			Responses map[string]struct {
				Content map[string]map[string]json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	bodies := 0
	check := func(where string, content map[string]map[string]json.RawMessage) {
		for kind, media := range content {
			if !strings.Contains(kind, "json") || media["schema"] == nil {
				continue
			}
			bodies++
			// token/verify answers an empty object, and means it.
			if example := string(media["example"]); example == "" || example == "null" || example == "{}" && !strings.Contains(where, "/token/verify/") {
				t.Errorf("%s: no example of %s", where, kind)
			}
		}
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			where := strings.ToUpper(method) + " " + path
			if op.RequestBody != nil {
				check(where+", request", op.RequestBody.Content)
			}
			for status, r := range op.Responses {
				if strings.HasPrefix(status, "2") {
					check(where+", "+status, r.Content)
				}
			}
		}
	}
	if bodies < 50 {
		t.Fatalf("only %d bodies: the document was not read", bodies)
	}
}
