package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"
	"golang.org/x/sync/semaphore"

	"rally/platform/config"
	"rally/platform/fault"
)

// The faults of this package.
var (
	ErrTooLarge        = fault.New(fault.TooLarge, "blob.too_large", "The picture is larger than 10 MB.")
	ErrUnsupportedType = fault.New(fault.Invalid, "blob.unsupported_type", "Only JPEG, PNG, GIF and WebP pictures are accepted.")
	ErrBadImage        = fault.New(fault.Invalid, "blob.bad_image", "The picture is broken or can't be read.")
	ErrTooManyPixels   = fault.New(fault.Invalid, "blob.too_many_pixels", "The picture has too many pixels.")
	ErrExtraData       = fault.New(fault.Invalid, "blob.extra_data", "The file holds something else besides the picture. Save the picture anew and try again.")
	ErrNotFound        = fault.New(fault.NotFound, "blob.not_found", "There is no such picture.")
)

const (
	// MaxUpload is the size of the largest picture that PutPicture reads, in
	// bytes.
	MaxUpload = 10 << 20
	// MaxPixels is the area of the largest picture that PutPicture decodes.
	MaxPixels = 40_000_000

	maxKey       = 200 // bytes
	maxUploads   = 8   // that are worked on at once
	probeTimeout = 10 * time.Second
	cacheControl = "public, max-age=31536000, immutable"
)

// Store keeps pictures. It is safe for concurrent use.
type Store struct {
	bucket *blob.Bucket
	// uploads bounds how many are in memory, at up to MaxUpload bytes each.
	uploads *semaphore.Weighted
	// pixels bounds what is decoded at once: one picture of the largest size,
	// or several smaller ones. A pixel takes up to 16 bytes on its way.
	pixels *semaphore.Weighted
}

// Open opens the store of cfg and makes sure that it can be written. The error
// is one line that names the setting.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	where := fmt.Sprintf("RALLY_BLOB_URL=%q", config.RedactURL(cfg.URL))
	if cfg.URL == "" {
		where = fmt.Sprintf("RALLY_DATA_DIR=%q", cfg.DataDir)
	}
	bucket, err := open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("%s: can't open the picture store: %s", where, config.OneLine(err))
	}
	s := &Store{bucket: bucket, uploads: semaphore.NewWeighted(maxUploads), pixels: semaphore.NewWeighted(MaxPixels)}
	if err := s.probe(ctx, cfg.URL != ""); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: can't use the picture store: %s", where, config.OneLine(err)), bucket.Close())
	}
	return s, nil
}

func open(ctx context.Context, cfg Config) (*blob.Bucket, error) {
	if cfg.URL == "" {
		return fileblob.OpenBucket(cfg.folder(), &fileblob.Options{
			CreateDir: true, DirFileMode: 0o750,
			NoTempDir: true,                       // the rename must stay within one file system
			Metadata:  fileblob.MetadataDontWrite, // the key's ending says all there is
		})
	}
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "mem" {
		return memblob.OpenBucket(nil), nil
	}
	return new(s3blob.URLOpener).OpenBucketURL(ctx, u)
}

// probe writes, finds and deletes a small object: a bucket with which that
// can't be done must stop the start and not the first upload. Who may not list
// a bucket is also not told that an object is missing, but that it is
// forbidden. A folder can always be listed, and a large one takes a while.
func (s *Store) probe(ctx context.Context, list bool) error {
	key := ".probe-" + strings.ToLower(rand.Text())
	if err := s.bucket.WriteAll(ctx, key, []byte("probe"), &blob.WriterOptions{ContentType: "text/plain"}); err != nil {
		return err
	}
	if list {
		if _, _, err := s.bucket.ListPage(ctx, blob.FirstPageToken, 1, &blob.ListOptions{Prefix: key}); err != nil {
			return err
		}
	}
	return s.bucket.Delete(ctx, key)
}

// Close lets the store go.
func (s *Store) Close() error { return s.bucket.Close() }

// Picture is a stored picture in its largest size.
type Picture struct {
	Key           string
	Width, Height int   // pixels
	Size          int64 // bytes
}

// URL returns the path under which Handler serves the picture. With Variant it
// is that of another size: URL(Variant(key, Small)).
func URL(key string) string { return mediaPath + key }

// Address returns the address of a picture under base, or nil where there is
// none: its key is empty.
func Address(base, key string) *string {
	if key == "" {
		return nil
	}
	address := base + URL(key)
	return &address
}

// KeyOf returns the key of the picture at an address, or what can be no key.
func KeyOf(address string) string {
	_, key, found := strings.Cut(address, mediaPath)
	if !found {
		return ""
	}
	return key
}

// PutPicture reads a picture that somebody uploaded, and stores a clean copy in
// each size under prefix, such as "posts/12", which consists of a-z, 0-9, _, -
// and /. It returns ErrTooLarge, ErrUnsupportedType, ErrTooManyPixels,
// ErrExtraData or ErrBadImage. It waits while other pictures take all the room
// there is.
func (s *Store) PutPicture(ctx context.Context, prefix string, r io.Reader) (Picture, error) {
	key := prefix + "/" + strings.ToLower(rand.Text())
	if !validPath(key) {
		return Picture{}, fmt.Errorf("blob: %q is no prefix for pictures", prefix)
	}
	if err := s.uploads.Acquire(ctx, 1); err != nil {
		return Picture{}, fmt.Errorf("blob: wait for room for the upload: %w", err)
	}
	defer s.uploads.Release(1)
	data, err := readUpload(r)
	if err != nil {
		return Picture{}, err
	}
	head, err := inspect(data)
	if err != nil {
		return Picture{}, err
	}
	out, err := s.render(ctx, head)
	if err != nil {
		return Picture{}, err
	}
	key += out.ending
	// The picture itself comes last: when it is there, all of its sizes are.
	for _, e := range slices.Backward(out.sizes) {
		if err := s.write(ctx, Variant(key, e.size), e.data, endings[out.ending]); err != nil {
			return Picture{}, err
		}
	}
	large := out.sizes[0]
	return Picture{Key: key, Width: large.width, Height: large.height, Size: int64(len(large.data))}, nil
}

func readUpload(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxUpload+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), len(data) > MaxUpload:
		return nil, ErrTooLarge
	case err != nil:
		return nil, fmt.Errorf("blob: read the upload: %w", err)
	}
	return data, nil
}

func (s *Store) render(ctx context.Context, head header) (rendered, error) {
	if err := s.pixels.Acquire(ctx, head.pixels()); err != nil {
		return rendered{}, fmt.Errorf("blob: wait for room to decode: %w", err)
	}
	defer s.pixels.Release(head.pixels())
	return render(head)
}

// Put stores an encoded picture as it is, and nothing but it, for pictures that
// the program itself has made; their other sizes are put under Variant. The
// key, of a-z, 0-9, _, - and /, ends with the content type's
// ending: .jpg, .png, .gif or .webp. Whoever puts other bytes under a known key
// must not expect browsers to notice.
func (s *Store) Put(ctx context.Context, key string, data []byte, contentType string) error {
	if known, ok := typeOf(key); !ok || known != contentType {
		return fmt.Errorf("blob: %q is no key for %s", key, contentType)
	}
	return s.write(ctx, key, data, contentType)
}

func (s *Store) write(ctx context.Context, key string, data []byte, contentType string) error {
	if err := s.bucket.WriteAll(ctx, key, data, &blob.WriterOptions{ContentType: contentType, CacheControl: cacheControl}); err != nil {
		return fmt.Errorf("blob: write %s: %w", key, err)
	}
	return nil
}

// Reader opens a picture. It returns ErrNotFound when there is none. The
// caller closes it.
func (s *Store) Reader(ctx context.Context, key string) (io.ReadCloser, error) {
	return s.reader(ctx, key)
}

func (s *Store) reader(ctx context.Context, key string) (*blob.Reader, error) {
	if _, ok := typeOf(key); !ok {
		return nil, ErrNotFound
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	switch {
	case gcerrors.Code(err) == gcerrors.NotFound:
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("blob: read %s: %w", key, err)
	}
	return r, nil
}

// Delete removes a picture in all its sizes; one that is gone already is fine.
// Call it after the commit that removed the picture's row, never before.
func (s *Store) Delete(ctx context.Context, key string) error {
	if _, ok := typeOf(key); !ok {
		return nil // nothing can be there
	}
	var errs []error
	for _, k := range files(key) {
		errs = append(errs, s.remove(ctx, k))
	}
	return errors.Join(errs...)
}

func (s *Store) remove(ctx context.Context, key string) error {
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("blob: delete %s: %w", key, err)
	}
	return nil
}

// endings are the endings of keys, with their content types.
var endings = map[string]string{".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp"} //nolint:gochecknoglobals // never written

// typeOf returns the content type of a key, and whether it is one at all.
func typeOf(key string) (string, bool) {
	ending := path.Ext(key)
	contentType, ok := endings[ending]
	return contentType, ok && validPath(strings.TrimSuffix(key, ending))
}

// validPath keeps keys to what means the same in a URL, in a file system and
// in S3. A dot is not among it, so no key leads out of the store.
func validPath(p string) bool {
	if len(p) > maxKey {
		return false
	}
	for segment := range strings.SplitSeq(p, "/") {
		if segment == "" {
			return false
		}
		for _, c := range []byte(segment) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' {
				return false
			}
		}
	}
	return true
}
