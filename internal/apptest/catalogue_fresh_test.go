package apptest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"reflect"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

// face is what pages show of an article.
type face struct {
	Brand    string `json:"brand_name"`
	Eng      string `json:"eng_name"`
	Delivery string `json:"delivery_tag"`
	Category string
	Retail   int64 `json:"retail_price"`
	Price    int64
	Wishes   int64
	Comments int64
	Pictures []string `json:"productimage_urls"`
}

func smallPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// faces returns an article as the list, its own page and that of its size ALL
// show it; ok is false when one of them doesn't.
func faces(t *testing.T, c *apptest.Client, brand, info int64) (found map[string]face, ok bool) {
	t.Helper()
	found = map[string]face{}
	list := apptest.Into[struct {
		Results []struct {
			ID int64
			face
		}
	}](t, c.Get(fmt.Sprintf("/api/shop/productinfos/?brand_id=%d", brand)).Want(t, 200))
	for _, row := range list.Results {
		if row.ID == info {
			found["the list"] = row.face
		}
	}
	article, size := c.Get(infoPath(info, "")), c.Get(infoPath(info, "products/ALL/"))
	if article.Status == http.StatusOK {
		found["the article"] = apptest.Into[face](t, article)
	}
	if size.Status == http.StatusOK {
		found["the size"] = apptest.Into[struct{ Info face }](t, size).Info
	}
	return found, len(found) == 3
}

// Time stands still: nothing is read anew because it got too old.
func TestEveryWriteIsShownAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, person := s.Staff(), s.Person()
		sh := newShelf(t, staff)
		info := sh.info(nil)
		p := sh.size(info, "260")
		var picture int64
		for _, w := range []struct {
			what  string
			write func()
			is    func(f face) bool
		}{
			{"a new name", func() { staff.Patch(infoPath(info, ""), M{"eng_name": "Court 85", "retail_price": 99000}).Want(t, 200) }, func(f face) bool { return f.Eng == "Court 85" && f.Retail == 99000 }},
			{"another category", func() { staff.Patch(infoPath(info, ""), M{"category": "life"}).Want(t, 200) }, func(f face) bool { return f.Category == "life" }},
			{"a brand's new name", func() {
				staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", sh.brand), M{"name": "Solbit " + t.Name()}).Want(t, 200)
			}, func(f face) bool { return f.Brand == "Solbit "+t.Name() }},
			{"a picture", func() {
				picture = apptest.Into[idOf](t, upload(t, staff, info, "product_image", smallPNG(t)).Want(t, 201)).ID
			}, func(f face) bool { return len(f.Pictures) == 1 }},
			{"a picture less", func() { staff.Delete(fmt.Sprintf("/api/shop/productimages/%d/", picture)).Want(t, 204) }, func(f face) bool { return len(f.Pictures) == 0 }},
			{"a wish", func() { person.Post(product(p, "wishes/"), nil).Want(t, 201) }, func(f face) bool { return f.Wishes == 1 }},
			{"a comment", func() { person.Post(infoPath(info, "comments/"), M{"content": "Nice."}).Want(t, 201) }, func(f face) bool { return f.Comments == 1 }},
			{"an ask", func() { ask(t, person, p, 120000) }, func(f face) bool { return f.Price == 120000 }},
			{"a lower ask", func() { ask(t, s.Person(), p, 110000) }, func(f face) bool { return f.Price == 110000 }},
		} {
			before, ok := faces(t, person, sh.brand, info)
			if !ok {
				t.Fatalf("before %s: %v", w.what, before)
			}
			w.write()
			after, _ := faces(t, person, sh.brand, info)
			for _, where := range []string{"the list", "the article", "the size"} {
				if w.is(before[where]) || !w.is(after[where]) {
					t.Errorf("%s: %s showed %+v and shows %+v", w.what, where, before[where], after[where])
				}
			}
		}
		gone := sh.info(nil)
		if before, ok := faces(t, person, sh.brand, gone); !ok {
			t.Fatal(before)
		}
		staff.Delete(infoPath(gone, "")).Want(t, 204)
		if after, _ := faces(t, person, sh.brand, gone); len(after) != 0 {
			t.Errorf("a deleted article is shown: %v", after)
		}
	})
}

// A page that was read a moment ago takes one statement, and so do the article
// and its size.
func TestASecondLookTakesOneStatement(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh := newShelf(t, s.Staff())
		infos := []int64{sh.info(nil), sh.info(nil), sh.info(nil)}
		// Another node, which wrote nothing: the writer hears of its own writes, too,
		// sometimes between the two looks, and forgets.
		s = apptest.Start(t, s.DB.Dialect, map[string]string{"RALLY_DATABASE_URL": s.DatabaseURL})
		for name, look := range map[string]func() (any, int64){
			"list": func() (any, int64) {
				ctx, n := db.WithCounter(t.Context())
				list, err := s.Shop.Infos(ctx, shop.Filter{BrandIDs: []int64{sh.brand}}, page.Request{Number: 1, Size: 2}, false)
				if err != nil || len(list.Rows) != 2 || list.Count != 3 {
					t.Fatal(list, err)
				}
				return list.Rows, n.Load()
			},
			"article": func() (any, int64) {
				ctx, n := db.WithCounter(t.Context())
				i, err := s.Shop.Info(ctx, infos[0])
				if err != nil || i.ID != infos[0] {
					t.Fatal(i, err)
				}
				return i, n.Load()
			},
			"size": func() (any, int64) {
				ctx, n := db.WithCounter(t.Context())
				v, err := s.Shop.ProductOf(ctx, infos[0], "ALL")
				if err != nil || v.Info.ID != infos[0] {
					t.Fatal(v, err)
				}
				return v, n.Load()
			},
		} {
			first, _ := look()
			second, statements := look()
			if statements != 1 || !reflect.DeepEqual(first, second) {
				t.Errorf("%s: %d statements\n%+v\n%+v", name, statements, first, second)
			}
		}
	})
}

// A write on one node is shown by the other as soon as it hears of it, and
// five seconds later if it never does.
func TestAWriteIsShownByTheOtherNode(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		for _, heard := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, heard %v", dialect, heard), func(t *testing.T) {
				t.Parallel()
				shared := map[string]string{"RALLY_DATABASE_URL": testkit.DatabaseURL(t, dialect)}
				if heard {
					shared["RALLY_NATS_URL"] = startNATS(t)
				}
				one, two := apptest.Start(t, dialect, shared), apptest.Start(t, dialect, shared)
				staff, reader := one.Staff(), two.Person()
				sh := newShelf(t, staff)
				info := sh.info(nil)
				shows := func(eng string, pictures int) bool {
					found, _ := faces(t, reader, sh.brand, info)
					for _, f := range found {
						if f.Eng != eng || len(f.Pictures) != pictures {
							return false
						}
					}
					return len(found) == 3
				}
				arrives := func(what, eng string, pictures int) {
					t.Helper()
					if heard { // time stands still
						eventually(t, what, func() bool { return shows(eng, pictures) })
					} else if two.Clock.Advance(5 * time.Second); !shows(eng, pictures) {
						t.Errorf("%s is not shown after five seconds", what)
					}
				}
				arrives("the article", "Court 84", 0)
				staff.Patch(infoPath(info, ""), M{"eng_name": "Court 85"}).Want(t, 200)
				arrives("the new name", "Court 85", 0)
				upload(t, staff, info, "product_image", smallPNG(t)).Want(t, 201)
				arrives("the picture", "Court 85", 1)
				staff.Delete(infoPath(info, "")).Want(t, 204)
				if found, _ := faces(t, reader, sh.brand, info); len(found) != 0 { // nobody remembers which articles there are
					t.Errorf("a deleted article is shown: %v", found)
				}
			})
		}
	}
}
