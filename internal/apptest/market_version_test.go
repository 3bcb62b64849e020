package apptest_test

import (
	"fmt"
	"slices"
	"testing"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// changedBooks returns the products whose books were told to have changed
// since the last call, in order.
func changedBooks(s *apptest.Server) []int64 {
	var books []int64
	for _, e := range s.TakeEvents() {
		if changed, ok := e.(shop.BookChanged); ok {
			books = append(books, changed.ProductID)
		}
	}
	slices.Sort(books)
	return books
}

// Whatever changes a book, trade or staff, raises its version by one and tells
// of it once. ALL shows every change of its sizes; its version never goes back,
// even when a size goes.
func TestEveryChangeOfABookIsTold(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, person := s.Staff(), s.Person()
		sh := newShelf(t, staff)
		info := sh.info(nil)
		all := sh.all(info)
		version := int64(0)
		step := func(what string, do func(), books ...int64) {
			t.Helper()
			s.TakeEvents()
			do()
			slices.Sort(books)
			if got := changedBooks(s); !slices.Equal(got, books) {
				t.Errorf("%s told of the books %v, want %v", what, got, books)
			}
			v := bookOf(t, person, all).Version
			if v != version+int64(len(books)) {
				t.Errorf("%s took ALL from version %d to %d", what, version, v)
			}
			version = v
		}
		var id, small, large int64
		step("an ask on ALL", func() { id = ask(t, person, all, 100000) }, all)
		step("its end", func() { person.Delete(bidPath("sales", id)).Want(t, 204) }, all)
		step("the first size", func() { small = sh.size(info, "260") }, all)
		step("the second size", func() { large = sh.size(info, "270") }, all)
		step("an ask", func() { id = ask(t, person, small, 100000) }, small)
		step("a new price", func() { person.Patch(bidPath("sales", id), M{"price": 101000}).Want(t, 200) }, small)
		step("a trade", func() { buy(staff, small, nil).Want(t, 201) }, small)
		step("the store", func() { staff.Patch(infoPath(info, ""), M{"delivery_tag": "brand"}).Want(t, 200) }, all, small, large)
		for i := range 5 {
			step("a price", func() {
				staff.Patch(infoPath(info, "products/270/"), M{"purchase_price": 50000 + 1000*i, "stock": 3}).Want(t, 200)
			}, large)
		}
		step("a refused deletion", func() { staff.Delete(infoPath(info, "products/260/")).WantCode(t, 409, "shop.product_in_use") })
		step("a deletion", func() { staff.Delete(infoPath(info, "products/270/")).Want(t, 204) }, all)
		step("another name", func() { staff.Patch(infoPath(info, ""), M{"eng_name": "Court 90"}).Want(t, 200) })
		if b := bookOf(t, person, all); b.PurchasePrice != nil {
			t.Errorf("ALL costs %s without the size", num(b.PurchasePrice))
		}
	})
}

// A size that goes takes its wishes along, also from the article's count.
func TestADeletedSizeTakesItsWishes(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh, people := newShelf(t, s.Staff()), s.People(3)
		info := sh.info(nil)
		stays, goes := sh.size(info, "260"), sh.size(info, "270")
		for i, person := range people {
			for _, p := range []int64{stays, goes}[:1+i%2] {
				person.Post(product(p, "wishes/"), nil).Want(t, 201)
			}
		}
		sh.staff.Delete(infoPath(info, "products/270/")).Want(t, 204)
		if row := apptest.Into[listed](t, sh.staff.Get(infoPath(info, "")).Want(t, 200)); row.Wishes != 3 {
			t.Errorf("the article counts %d wishes, want 3", row.Wishes)
		}
		for _, person := range people {
			if n := apptest.Into[pageOf[struct{}]](t, person.Get("/api/shop/wishes/").Want(t, 200)).Count; n != 1 {
				t.Error(fmt.Sprint(n, " wishes are left"))
			}
		}
	})
}
