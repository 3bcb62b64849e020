package shop

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/platform/fault"
)

// MaxPrice is the highest price of anything, in won.
const MaxPrice = 1_000_000_000

// AllSizes is the size that stands for the whole article.
const AllSizes = "ALL"

// Delivery tags: how an article is sold.
const (
	DeliveryImmediate = "immediate" // traded between people
	DeliveryBrand     = "brand"     // sold by the store
)

// Categories returns the categories of articles, in the order of the menus.
func Categories() []string { return []string{"shoes", "clothes", "fashion", "life", "tech"} }

// Brand makes articles.
type Brand struct {
	ID        int64
	Name      string
	CreatedAt time.Time
}

// NameKey is what a search looks through, and what must be unique.
func (b Brand) NameKey() string { return searchForm(b.Name) }

// Info is an article: everything that its sizes share. Prices are in won.
type Info struct {
	ID          int64
	BrandID     int64
	BrandName   string
	EngName     string
	KorName     string
	ModelNumber string
	Colorway    string
	Category    string
	DeliveryTag string
	RetailPrice *int64
	ReleaseDate string // YYYY-MM-DD, or empty
	Tick        int64  // prices are multiples of it
	Wishes      int64
	Shares      int64
	Price       *int64 // lowest price of its sizes now; nil when nobody sells
	Images      []Image
	CreatedAt   time.Time
}

// Product is one size of an article.
type Product struct {
	ID            int64
	InfoID        int64
	Size          string
	PurchasePrice *int64 // what a buyer pays now: the lowest ask, or the store's price while it has some left
	SalesPrice    *int64 // what a seller gets now: the highest purchase bid
	LastPrice     *int64 // of the last trade
	LastTradeAt   *time.Time
	BookVersion   int64
	Stock         *int64 // store goods: how many are left
	Store         bool   // sold by the store, not traded between people
	Biddable      bool   // people can bid on it: a size of a traded article, or ALL as its only one
	Tick          int64  // of its article: prices are multiples of it
	CreatedAt     time.Time
}

// Image is a picture of an article.
type Image struct {
	ID            int64
	InfoID        int64
	BlobKey       string
	Width, Height int // in pixels
	CreatedAt     time.Time
}

// Validate checks a brand and trims its name.
func (b *Brand) Validate() error {
	b.Name = strings.TrimSpace(b.Name)
	if n := utf8.RuneCountInString(b.Name); n < 1 || n > 80 {
		return fault.ErrInvalid.WithField("name", "must have 1 to 80 characters")
	}
	return nil
}

// Validate checks an article, trims its texts and fills in defaults.
func (i *Info) Validate() error {
	err := i.check()
	if i.BrandID == 0 {
		err = err.WithField("brand", "is required")
	}
	return refusal(err)
}

// refusal returns err if it names a field.
func refusal(err *fault.Error) error {
	if len(err.Fields) == 0 {
		return nil
	}
	return err
}

// check is Validate without the brand, which has no id yet in an import.
func (i *Info) check() *fault.Error {
	err := fault.ErrInvalid
	for field, text := range map[string]*string{"eng_name": &i.EngName, "kor_name": &i.KorName, "model_number": &i.ModelNumber, "colorway": &i.Colorway} {
		*text = strings.TrimSpace(*text)
		if utf8.RuneCountInString(*text) > 200 {
			err = err.WithField(field, "must have at most 200 characters")
		}
	}
	if i.EngName == "" {
		err = err.WithField("eng_name", "is required")
	}
	if i.KorName == "" {
		i.KorName = i.EngName
	}
	if !slices.Contains(Categories(), i.Category) {
		err = err.WithField("category", "must be one of "+strings.Join(Categories(), ", "))
	}
	if i.DeliveryTag != DeliveryImmediate && i.DeliveryTag != DeliveryBrand {
		err = err.WithField("delivery_tag", "must be immediate or brand")
	}
	if i.RetailPrice != nil && (*i.RetailPrice < 1 || *i.RetailPrice > MaxPrice) {
		err = err.WithField("retail_price", priceRange)
	}
	if i.ReleaseDate != "" {
		if _, parseErr := time.Parse(time.DateOnly, i.ReleaseDate); parseErr != nil {
			err = err.WithField("release_date", "must be a date such as 2026-03-01")
		}
	}
	if i.Tick == 0 {
		i.Tick = 1
	}
	if i.Tick < 1 || i.Tick > 1_000_000 {
		err = err.WithField("tick", "must be between 1 and 1,000,000")
	}
	return err
}

// searchForm is how texts are compared in a search: lower case, and composed,
// since some systems write 한 as three characters (Unicode NFKC).
func searchForm(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// SearchText is what a search looks through: lower case, without the brand.
func (i *Info) SearchText() string {
	return searchForm(strings.Join([]string{i.EngName, i.KorName, i.ModelNumber, i.Colorway}, " "))
}

// NormaliseSize returns a size as it is stored: upper case, 1 to 12 letters,
// digits, points, dashes or slashes.
func NormaliseSize(s string) (string, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	ok := len(s) >= 1 && len(s) <= 12
	for _, r := range s {
		ok = ok && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".-/", r))
	}
	if !ok {
		return "", fault.ErrInvalid.WithField("size", "must have 1 to 12 letters or digits, such as 260, M or ALL")
	}
	return s, nil
}

// SizePosition orders sizes as people expect: ALL, then letters by how large
// they are, then numbers, then the rest.
func SizePosition(size string) int {
	letters := []string{AllSizes, "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL"}
	if n := slices.Index(letters, size); n >= 0 {
		return n
	}
	if f, err := strconv.ParseFloat(size, 64); err == nil && f >= 0 && f < 10_000 {
		return 100 + int(f*10)
	}
	return 1_000_000
}

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
}

// Orderings returns what a list of articles can be ordered by.
func Orderings() []string { return []string{"newest", "popular", "price", "-price", "premium"} }

// maxFilterValues bounds how many alternatives one field may have.
const maxFilterValues = 50

// PriceRange is a span of prices, both ends included.
type PriceRange struct{ Min, Max int64 }

// Terms returns the words of the search in the form that is searched, at most
// five.
func (f Filter) Terms() []string {
	terms := strings.Fields(searchForm(f.Search))
	return terms[:min(5, len(terms))]
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
	if utf8.RuneCountInString(f.Search) > 100 {
		err = err.WithField("search", "must have at most 100 characters")
	}
	return refusal(err)
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
