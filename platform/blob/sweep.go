package blob

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

const (
	// sweepPage is how many objects are listed at once: as many as S3 gives.
	sweepPage = 1000
	// unfinished is the ending of what a folder's crash leaves of a write.
	unfinished = ".tmp"
)

// InUse returns those of keys that some row refers to.
type InUse func(ctx context.Context, keys []string) (map[string]bool, error)

// Sweep deletes what lies under prefix since before a moment and belongs to no
// picture that is in use, and returns how many objects that were; each size of
// a picture is one. The moment must be longer ago than any transaction may
// take, because a picture is stored before its row is: a day is plenty. Objects
// that are no pictures stay. What can't be deleted is passed over, and the
// first such error is returned at the end.
//
// A store belongs to one database alone. Sweeping with another one's rows would
// delete everything.
func (s *Store) Sweep(ctx context.Context, prefix string, before time.Time, inUse InUse) (deleted int, err error) {
	if !validPath(prefix) {
		return 0, fmt.Errorf("blob: %q is no prefix for pictures", prefix)
	}
	var kept error
	for token := blob.FirstPageToken; len(token) > 0; {
		page, next, err := s.list(ctx, prefix, token)
		if err != nil {
			return deleted, fmt.Errorf("blob: list %s: %w", prefix, err)
		}
		unused, err := findUnused(ctx, page, before, inUse)
		if err != nil {
			return deleted, err
		}
		for _, key := range unused {
			switch err := s.remove(ctx, key); {
			case err == nil:
				deleted++
			case ctx.Err() != nil:
				return deleted, err
			case kept == nil:
				kept = err
			}
		}
		token = next
	}
	return deleted, kept
}

// listings is how often one page is listed before the sweep gives up.
const listings = 20

// list returns a page of what lies under prefix. A folder is read before its
// files are, and an upload that ends in between takes its half-written file
// along: then the page is read again.
func (s *Store) list(ctx context.Context, prefix string, token []byte) (page []*blob.ListObject, next []byte, err error) {
	for range listings {
		page, next, err = s.bucket.ListPage(ctx, token, sweepPage, &blob.ListOptions{Prefix: prefix + "/"})
		if gcerrors.Code(err) != gcerrors.NotFound {
			break
		}
	}
	return page, next, err
}

// findUnused returns which of the listed objects belong to no picture in use.
func findUnused(ctx context.Context, page []*blob.ListObject, before time.Time, inUse InUse) ([]string, error) {
	var old, pictures []string
	for _, o := range page {
		if picture := owner(o.Key); picture != "" && o.ModTime.Before(before) {
			old = append(old, o.Key)
			if !slices.Contains(pictures[max(0, len(pictures)-1):], picture) { // a picture's sizes are neighbours
				pictures = append(pictures, picture)
			}
		}
	}
	if len(old) == 0 {
		return nil, nil
	}
	used, err := inUse(ctx, pictures)
	if err != nil {
		return nil, fmt.Errorf("blob: ask which pictures are in use: %w", err)
	}
	return slices.DeleteFunc(old, func(key string) bool { return used[owner(key)] }), nil
}

// owner returns the key of the picture that an object belongs to, or "" when it
// is no picture. A write that was cut short belongs to none but itself.
func owner(key string) string {
	if _, ok := typeOf(key); ok {
		return base(key)
	}
	if rest, ok := strings.CutSuffix(key, unfinished); ok {
		if _, ok := typeOf(strings.TrimSuffix(rest, path.Ext(rest))); ok {
			return key
		}
	}
	return ""
}
