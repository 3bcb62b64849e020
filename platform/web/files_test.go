package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/web"
)

const filesLimit = 3 << 20

// filing is an operation that takes files, and says what it got.
func filing() web.Routes {
	type input struct {
		Body struct {
			Text string   `json:"text,omitempty" maxLength:"10"`
			Tags []string `json:"tags,omitempty"`
			Size int      `json:"size,omitempty"`
		}
	}
	return web.Routes{Name: "files", Register: func(api huma.API) {
		huma.Register(api, web.Op(http.MethodPost, "/api/files/", "files", "Test", "Take files", web.Errors(413), web.Files("image", "Some files.", filesLimit)), func(ctx context.Context, in *input) (*struct{ Body map[string]any }, error) {
			var got []string
			for _, f := range web.FilesOf(ctx) {
				r, err := web.Opener(f)()
				if err != nil {
					return nil, err
				}
				data, err := io.ReadAll(r)
				if err != nil {
					return nil, err
				}
				if err := r.Close(); err != nil {
					return nil, err
				}
				got = append(got, fmt.Sprintf("%s %d %.4s", f.Filename, len(data), data))
			}
			return &struct{ Body map[string]any }{map[string]any{"files": strings.Join(got, ", "), "text": in.Body.Text, "tags": strings.Join(in.Body.Tags, " "), "size": in.Body.Size}}, nil
		})
	}}
}

// parts is a form of parts; a field that begins with "@" is a file.
func parts(t *testing.T, fields ...[2]string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i, f := range fields {
		name, isFile := strings.CutPrefix(f[0], "@")
		var err error
		if isFile {
			var part io.Writer
			if part, err = w.CreateFormFile(name, fmt.Sprintf("file%d", i)); err == nil {
				_, err = io.WriteString(part, f[1])
			}
		} else {
			err = w.WriteField(name, f[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestFilesComeBesideFields(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	f := newServer(t, func(d *web.Deps) { d.Routes = append(d.Routes, filing()) })
	large := strings.Repeat("big.", 600<<10) // does not stay in memory
	for what, c := range map[string]struct {
		fields [][2]string
		want   string
	}{
		"fields and files": {[][2]string{{"text", "hello"}, {"@image", "one!"}, {"tags", "a"}, {"tags", "b"}, {"@image", "two!!"}, {"size", "7"}}, "map[files:file1 4 one!, file4 5 two! size:7 tags:a b text:hello]"},
		"files alone":      {[][2]string{{"@image", ""}, {"@image", "x"}}, "map[files:file0 0 , file1 1 x size:0 tags: text:]"},
		"fields alone":     {[][2]string{{"text", "hello"}}, "map[files: size:0 tags: text:hello]"},
		"other files":      {[][2]string{{"@other", "x"}, {"@image", "one!"}}, "map[files:file1 4 one! size:0 tags: text:]"},
		"a text in place":  {[][2]string{{"image", "x"}, {"text", "hello"}}, ""}, // no field of the body
		"a large one":      {[][2]string{{"@image", large}, {"@image", "two!"}}, fmt.Sprintf("map[files:file0 %d big., file1 4 two! size:0 tags: text:]", len(large))},
	} {
		body, kind := parts(t, c.fields...)
		r := f.send("POST", "/api/files/", body, "Content-Type", kind)
		o := r.object(t)
		delete(o, "$schema")
		if c.want != "" && (r.Code != 200 || fmt.Sprint(o) != c.want) {
			t.Errorf("%s: %d %v, want %s", what, r.Code, o, c.want)
		}
		if r.Code >= 500 {
			t.Errorf("%s: %d %s", what, r.Code, r.Body)
		}
	}
	// The same fields come as JSON, and as a plain form.
	for kind, body := range map[string]string{"application/json": `{"text":"hello","size":7}`, "application/x-www-form-urlencoded": "text=hello&size=7"} {
		r := f.send("POST", "/api/files/", body, "Content-Type", kind)
		if o := r.object(t); r.Code != 200 || o["files"] != "" || o["text"] != "hello" || o["size"] != float64(7) {
			t.Errorf("%s: %d %s", kind, r.Code, r.Body)
		}
	}
	body, kind := parts(t, [2]string{"text", "much too long"}, [2]string{"@image", "x"})
	f.send("POST", "/api/files/", body, "Content-Type", kind).want(t, 400, "request.invalid")

	// An operation without files passes them over.
	body, kind = parts(t, [2]string{"text", "hello"}, [2]string{"@image", "x"})
	if r := f.send("POST", "/api/notes/", body, "Content-Type", kind); r.Code != 200 || r.object(t)["text"] != "hello" {
		t.Errorf("without files: %d %s", r.Code, r.Body)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("files are left behind: %v, %v", left, err)
	}
}

func TestTooMuchOfFiles(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	f := newServer(t, func(d *web.Deps) { d.Routes = append(d.Routes, filing()) })
	half := strings.Repeat("x", filesLimit/2)
	for what, c := range map[string]struct {
		status int
		fields [][2]string
	}{
		"just all":             {200, [][2]string{{"@image", half}, {"@image", half}}},
		"too large":            {413, [][2]string{{"@image", half + half + half}}},
		"too large together":   {413, [][2]string{{"@image", half}, {"@image", half}, {"@image", half}}},
		"a field that is huge": {413, [][2]string{{"text", half + half + half}}},
	} {
		body, kind := parts(t, c.fields...)
		r := f.send("POST", "/api/files/", body, "Content-Type", kind)
		if r.Code != c.status || c.status == 413 && r.object(t)["code"] == "" {
			t.Errorf("%s: %d %s", what, r.Code, r.Body)
		}
	}
	whole, kind := parts(t, [2]string{"@image", half}, [2]string{"text", "hello"})
	for what, body := range map[string]string{"cut short": whole[:len(whole)/2], "without an end": strings.TrimRight(whole, "-\r\n"), "nothing": "", "nonsense": "--"} {
		if r := f.send("POST", "/api/files/", body, "Content-Type", kind); r.Code != 400 {
			t.Errorf("%s: %d %s", what, r.Code, r.Body)
		}
	}
	for _, kind := range []string{"multipart/form-data", "multipart/form-data; boundary=" + strings.Repeat("b", 200)} {
		if r := f.send("POST", "/api/files/", whole, "Content-Type", kind); r.Code != 400 {
			t.Errorf("%s: %d %s", kind, r.Code, r.Body)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("files are left behind: %v, %v", left, err)
	}
}
