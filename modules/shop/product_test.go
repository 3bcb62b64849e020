package shop_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"rally/modules/shop"
	"rally/platform/fault"
)

func metaPrice(err error) int64 {
	n, _ := fault.From(err).Meta["price"].(int64)
	return n
}

func TestPriceRanges(t *testing.T) {
	cases := map[string]struct {
		low, high int64
		bad       bool
	}{
		"100-200": {100, 200, false}, "100-": {100, math.MaxInt64, false}, "-200": {0, 200, false}, "0-0": {0, 0, false},
		"": {bad: true}, "-": {bad: true}, "100": {bad: true}, "200-100": {bad: true}, "a-b": {bad: true}, "1-2-3": {bad: true}, "-1-2": {bad: true},
		"99999999999999999999-": {bad: true}, "1.5-2": {bad: true}, " 1-2": {bad: true},
	}
	for text, want := range cases {
		got, err := shop.ParsePriceRange(text)
		if (err != nil) != want.bad {
			t.Errorf("%q: %v", text, err)
		}
		if got.Min != want.low || got.Max != want.high {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func FuzzPriceRange(f *testing.F) {
	for _, seed := range []string{"1-2", "-", "1-", "-9", "𝟙-2", "1--2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := shop.ParsePriceRange(text)
		if err != nil {
			if fault.From(err).Kind != fault.Invalid {
				t.Fatalf("%q: %v is no bad input", text, err)
			}
			return
		}
		if got.Min < 0 || got.Min > got.Max {
			t.Fatalf("%q became %+v", text, got)
		}
	})
}

func FuzzSize(f *testing.F) {
	for _, seed := range []string{"260", " xl ", "ALL", "ﬁ", "W 8", "9.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		size, err := shop.NormaliseSize(text)
		if err != nil {
			return
		}
		if again, err := shop.NormaliseSize(size); err != nil || again != size {
			t.Fatalf("%q became %q, which becomes %q, %v", text, size, again, err)
		}
		_ = shop.SizePosition(size)
	})
}

func TestSizesStandInTheOrderPeopleExpect(t *testing.T) {
	sizes := []string{"XL", "260", "ALL", "265.5", "S", "ONE", "225", "M"}
	slices.SortFunc(sizes, func(a, b string) int { return shop.SizePosition(a) - shop.SizePosition(b) })
	if got := strings.Join(sizes, " "); got != "ALL S M XL 225 260 265.5 ONE" {
		t.Fatal(got)
	}
}

func TestInfoNamesEveryBadField(t *testing.T) {
	bad := shop.Info{EngName: "  ", Category: "cars", DeliveryTag: "drone", RetailPrice: price(-1), ReleaseDate: "soon", Tick: -1, Colorway: strings.Repeat("x", 201)}
	err := bad.Validate()
	if !errors.Is(err, fault.ErrInvalid) {
		t.Fatal(err)
	}
	for _, field := range []string{"eng_name", "category", "delivery_tag", "retail_price", "release_date", "tick", "colorway", "brand"} {
		if len(fault.From(err).Fields[field]) == 0 {
			t.Errorf("%s is not named", field)
		}
	}
	good := shop.Info{BrandID: 1, EngName: " Court 84 ", Category: "shoes", DeliveryTag: shop.DeliveryImmediate, Tick: 1}
	if err := good.Validate(); err != nil || good.EngName != "Court 84" || good.KorName != "Court 84" {
		t.Fatalf("%+v, %v", good, err)
	}
}
