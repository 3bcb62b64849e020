package web

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
)

const (
	metaFiles = "files"
	// formMemory is how much of a form is kept in memory; files beyond it wait in
	// the folder for temporary files.
	formMemory = 1 << 20
	// formFields is how large all that is no file may be.
	formFields = 1 << 20
)

// Files lets an operation with a JSON body take files, too: a client that has some
// sends multipart/form-data, with the body's fields beside them. Handlers get the
// files from FilesOf. All of them together may have size bytes.
func Files(field, doc string, size int64) OpOption {
	return func(op *huma.Operation) {
		op.Metadata[metaFiles] = field
		op.MaxBodyBytes = size + formFields
		op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"multipart/form-data": {
			Schema: &huma.Schema{
				Type: huma.TypeObject, Description: "The fields of the JSON body, and files.",
				Properties: map[string]*huma.Schema{field: {
					Type: huma.TypeArray, Description: doc,
					Items: &huma.Schema{Type: huma.TypeString, Format: "binary", Extensions: map[string]any{"contentMediaType": "application/octet-stream"}},
				}},
			},
			Encoding: map[string]*huma.Encoding{field: {ContentType: "image/*"}},
		}}}
	}
}

type filesKey struct{}

// FilesOf returns the files of a request to an operation with Files, in their
// order. They are there until the handler returns.
func FilesOf(ctx context.Context) []*multipart.FileHeader {
	files, _ := ctx.Value(filesKey{}).([]*multipart.FileHeader)
	return files
}

// Opener returns how to open a file.
func Opener(f *multipart.FileHeader) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return f.Open() }
}

// form is what somebody sent: its values, and its files until it is closed.
type form struct {
	values url.Values
	files  *multipart.Form
}

func (f form) close() {
	if f.files != nil {
		_ = f.files.RemoveAll()
	}
}

// of returns the files of a field.
func (f form) of(field string) []*multipart.FileHeader {
	if f.files == nil {
		return nil
	}
	return f.files.File[field]
}

// readFiles reads a multipart form of at most limit bytes; a longer one is an
// http.MaxBytesError, as a longer JSON body is.
func readFiles(r io.Reader, boundary string, limit int64) (form, error) {
	limited := &io.LimitedReader{R: r, N: limit + 1}
	read, err := multipart.NewReader(limited, boundary).ReadForm(formMemory)
	if limited.N <= 0 {
		if read != nil {
			_ = read.RemoveAll()
		}
		return form{}, &http.MaxBytesError{Limit: limit}
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return form{}, &http.MaxBytesError{Limit: formMemory}
	}
	if err != nil {
		return form{}, err
	}
	return form{read.Value, read}, nil
}
