package web

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

type exampleItem struct {
	Name string     `json:"name" example:"Solbit"`
	Left *time.Time `json:"left"`
}

type exampleBody struct {
	ID    int64          `json:"id" example:"7"`
	At    time.Time      `json:"at"`
	Kind  string         `json:"kind" enum:"purchase,sales"`
	Share *float64       `json:"share"`
	Items []exampleItem  `json:"items"`
	Deep  *exampleItem   `json:"deep,omitempty"`
	Any   map[string]int `json:"any"`
}

// What is made of the fields' examples is an instance of the schema.
func TestAnExampleFitsItsSchema(t *testing.T) {
	hookErrors()
	api := newAPI(gin.New(), "test")
	huma.Register(api, Op(http.MethodPost, "/api/things/", "things", "Test", "Make a thing"), func(context.Context, *struct{ Body exampleBody }) (*struct{ Body exampleBody }, error) {
		return nil, nil // never called
	})
	addExamples(api.OpenAPI())
	op := api.OpenAPI().Paths["/api/things/"].Post
	for where, media := range map[string]*huma.MediaType{"request": op.RequestBody.Content["application/json"], "answer": op.Responses["200"].Content["application/json"]} {
		text, err := json.Marshal(media.Example)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		found := huma.ValidateResult{}
		huma.Validate(api.OpenAPI().Components.Schemas, media.Schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, value, &found)
		if len(found.Errors) > 0 {
			t.Errorf("%s %s: %v", where, text, found.Errors)
		}
		if thing := value.(map[string]any); thing["id"] != 7.0 || thing["kind"] != "purchase" || thing["items"].([]any)[0].(map[string]any)["name"] != "Solbit" {
			t.Errorf("%s: the fields' examples are not in %s", where, text)
		}
	}
}
