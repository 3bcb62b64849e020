package blob

import (
	"path"
	"strings"
)

// Size is one of the sizes in which a picture is kept; its value is the longest
// side in pixels. The ratio of the sides is the same in all of them.
type Size int

// The sizes. A picture is never enlarged: one that fits into a size as it is
// has no copy of its own for it, and Handler answers with the next larger one.
const (
	Large  Size = 1600 // under the picture's key itself
	Medium Size = 800
	Small  Size = 320
)

// smaller are the sizes that have a suffix before the ending of the key.
var smaller = []struct { //nolint:gochecknoglobals // never written
	size   Size
	suffix string
}{{Medium, "-m"}, {Small, "-s"}}

// Variant returns the key of a picture in another size: shop/abc.jpg is
// shop/abc-m.jpg in Medium. The result can always be shown, whether or not
// there is a copy of that size.
func Variant(key string, size Size) string {
	ending := path.Ext(key)
	for _, v := range smaller {
		if v.size == size && ending != "" {
			return strings.TrimSuffix(key, ending) + v.suffix + ending
		}
	}
	return key
}

// base returns the key of the picture that key is a variant of, which may be
// key itself.
func base(key string) string {
	ending := path.Ext(key)
	name := strings.TrimSuffix(key, ending)
	for _, v := range smaller {
		if short, ok := strings.CutSuffix(name, v.suffix); ok {
			return short + ending
		}
	}
	return key
}

// files returns all keys under which a picture may be kept, itself first.
func files(key string) []string {
	keys := []string{key}
	for _, v := range smaller {
		keys = append(keys, Variant(key, v.size))
	}
	return keys
}

// larger returns where to look when there is no copy under key, the nearest
// size first.
func larger(key string) []string {
	all := files(base(key))
	for i, k := range all {
		if k == key {
			keys := make([]string, 0, i)
			for n := i - 1; n >= 0; n-- {
				keys = append(keys, all[n])
			}
			return keys
		}
	}
	return nil
}
