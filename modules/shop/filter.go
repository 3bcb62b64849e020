package shop

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rally/platform/fault"
)

// Filter chooses articles. Values of one field are alternatives; fields
// combine. The zero Filter chooses all.
type Filter struct {
	DeliveryTags []string
	BrandIDs     []int64
	Categories   []string
	Sizes        []string
	Prices       []PriceRange
	Search       string
	Ordering     string // one of Orderings; "" is newest

	// Spelled is what Service found for a search whose words are nowhere:
	// articles with words spelt alike, the likest first. They take the place of
	// Search, and their order that of an ordering that wasn't asked for.
	Spelled []int64
}

// Orderings returns what a list of articles can be ordered by.
func Orderings() []string { return []string{"newest", "popular", "price", "-price", "premium"} }

// maxFilterValues bounds how many alternatives one field may have.
const maxFilterValues = 50

// PriceRange is a span of prices, both ends included.
type PriceRange struct{ Min, Max int64 }

// Terms returns the words of the search in the form that is searched, at most
// five; none when it names no word.
func (f Filter) Terms() []string { return searchTerms(f.Search) }

// key is the same for filters that choose the same articles, in whatever order.
func (f Filter) key() string {
	sorted := func(values []string) []string { return slices.Sorted(slices.Values(values)) }
	return fmt.Sprintf("%q %d %q %q %d %q", sorted(f.DeliveryTags), slices.Sorted(slices.Values(f.BrandIDs)), sorted(f.Categories), sorted(f.Sizes), f.Prices, f.Terms())
}

// Validate says which field is wrong.
func (f Filter) Validate() error {
	err := fault.ErrInvalid
	for _, d := range f.DeliveryTags {
		if d != DeliveryImmediate && d != DeliveryBrand {
			err = err.WithField("delivery_tag", "must be immediate or brand")
		}
	}
	for _, c := range f.Categories {
		if !slices.Contains(Categories(), c) {
			err = err.WithField("category", "must be one of "+strings.Join(Categories(), ", "))
		}
	}
	if f.Ordering != "" && !slices.Contains(Orderings(), f.Ordering) {
		err = err.WithField("ordering", "must be one of "+strings.Join(Orderings(), ", "))
	}
	if len(f.DeliveryTags)+len(f.BrandIDs)+len(f.Categories)+len(f.Sizes)+len(f.Prices) > maxFilterValues {
		err = err.WithField("filter", "has too many values")
	}
	if utf8.RuneCountInString(f.Search) > maxSearch {
		err = err.WithField("search", searchTooLong)
	}
	return refusal(err)
}

const (
	maxSearch     = 100 // characters
	searchTooLong = "must have at most 100 characters"
)

func checkSearch(search string) error {
	if utf8.RuneCountInString(search) > maxSearch {
		return fault.ErrInvalid.WithField("search", searchTooLong)
	}
	return nil
}

// ParsePriceRange reads "min-max", where either side may be empty.
func ParsePriceRange(s string) (PriceRange, error) {
	bad := fault.ErrInvalid.WithField("price", "must be min-max, such as 100000-200000, 100000- or -200000")
	low, high, ok := strings.Cut(s, "-")
	if !ok || (low == "" && high == "") {
		return PriceRange{}, bad
	}
	parse := func(text string, open int64) (int64, bool) {
		if text == "" {
			return open, true
		}
		n, err := strconv.ParseUint(text, 10, 62)
		return int64(n), err == nil // 62 bits fit
	}
	lowest, okLow := parse(low, 0)
	highest, okHigh := parse(high, math.MaxInt64)
	if !okLow || !okHigh || lowest > highest {
		return PriceRange{}, bad
	}
	return PriceRange{Min: lowest, Max: highest}, nil
}

// FacetValue is one choice of a filter, and how many articles it would leave.
type FacetValue struct {
	Value string
	Label string // a name for the value, where it is an id
	Count int
}

// Facets are the choices of each filter. The counts of a filter heed all the
// others but not itself, so that they show what a further choice adds.
type Facets struct {
	Category, BrandID, Size, DeliveryTag []FacetValue
}
