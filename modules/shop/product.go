package shop

import (
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

// NameKey is what must be unique: the name in lower case, and composed, since
// some systems write 한 as three characters (Unicode NFKC).
func (b Brand) NameKey() string { return strings.ToLower(norm.NFKC.String(b.Name)) }

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
	Comments    int64  // and replies
	Price       *int64 // lowest price of its sizes now; nil when nobody sells
	Images      []Image
	CreatedAt   time.Time
}

// Figures are what of an article changes without the staff.
type Figures struct {
	InfoID   int64
	Wishes   int64
	Shares   int64
	Comments int64
	Price    *int64 // as in Info
}

// with returns the article with its figures of now.
func (i Info) with(f Figures) Info {
	i.Wishes, i.Shares, i.Comments, i.Price = f.Wishes, f.Shares, f.Comments, f.Price
	return i
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
	if n := utf8.RuneCountInString(b.Name); n < 1 || n > 80 || !oneLine(b.Name) {
		return fault.ErrInvalid.WithField("name", "must have 1 to 80 characters on one line")
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
		if utf8.RuneCountInString(*text) > 200 || !oneLine(*text) {
			err = err.WithField(field, "must have at most 200 characters on one line")
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
	if i.Tick < 1 || i.Tick > 1_000_000 {
		err = err.WithField("tick", "must be between 1 and 1,000,000")
	}
	return err
}

// SearchWords is what a search looks through; brand is the name of its brand.
func (i *Info) SearchWords(brand string) string {
	return SearchWords(brand, i.EngName, i.KorName, i.ModelNumber, i.Colorway)
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
