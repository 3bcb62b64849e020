package apptest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

func TestTheStaffKeepsTheCatalogue(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, person := s.Staff(), s.Person()
		sh := newShelf(t, staff)

		t.Run("brands", func(t *testing.T) {
			sh := newShelf(t, staff)
			path := fmt.Sprintf("/api/shop/brands/%d/", sh.brand)
			staff.Patch(path, M{"name": "  Solbit  "}).Want(t, 200)
			if b := apptest.Into[struct{ Name string }](t, person.Get(path).Want(t, 200)); b.Name != "Solbit" {
				t.Errorf("the brand is called %q", b.Name)
			}
			taken := staff.Post("/api/shop/brands/", M{"name": "SOLBIT"}).WantCode(t, 409, "shop.brand_taken")
			if !strings.Contains(string(taken.Body), `"name"`) {
				t.Errorf("the field is not named: %s", taken.Body)
			}
			staff.Do(http.MethodPut, fmt.Sprintf("/api/shop/brands/%d/", newShelf(t, staff).brand), M{"name": "Solbit"}).WantCode(t, 409, "shop.brand_taken")
			wantField(t, staff.Post("/api/shop/brands/", M{"name": " "}), "name")
			wantField(t, staff.Post("/api/shop/brands/", M{}), "name")
			wantField(t, staff.Post("/api/shop/brands/", M{"name": strings.Repeat("솔", 81)}), "name")
			sh.info(nil)
			staff.Delete(path).WantCode(t, 409, "shop.brand_in_use")
			other := fmt.Sprintf("/api/shop/brands/%d/", newShelf(t, staff).brand)
			staff.Delete(other).Want(t, 204)
			for _, r := range []apptest.Reply{staff.Delete(other), staff.Get(other), staff.Patch(other, M{"name": "x"}), staff.Get("/api/shop/brands/-1/")} {
				r.WantCode(t, 404, "shop.brand_not_found")
			}
		})

		t.Run("articles", func(t *testing.T) {
			info := sh.info(M{"retail_price": 119000, "release_date": "2026-03-01", "model_number": "SB-84", "colorway": "Chalk"})
			type row struct {
				EngName     string `json:"eng_name"`
				KorName     string `json:"kor_name"`
				DeliveryTag string `json:"delivery_tag"`
				Model       string `json:"model_number"`
				Retail      *int64 `json:"retail_price"`
				Release     string `json:"release_date"`
				Tick        int64
				Price       *int64
			}
			got := apptest.Into[row](t, staff.Patch(infoPath(info, ""), M{"eng_name": " Court 85 "}).Want(t, 200))
			if got.EngName != "Court 85" || got.Model != "SB-84" || got.Retail == nil || *got.Retail != 119000 || got.DeliveryTag != "immediate" || got.Price != nil {
				t.Errorf("after PATCH: %+v", got)
			}
			got = apptest.Into[row](t, staff.Do(http.MethodPut, infoPath(info, ""), M{"brand": sh.brand, "eng_name": "Court 86", "category": "life", "tick": 500}).Want(t, 200))
			if got.EngName != "Court 86" || got.KorName != "Court 86" || got.Model != "" || got.Retail != nil || got.Release != "" || got.Tick != 500 {
				t.Errorf("after PUT: %+v", got)
			}
			for field, value := range map[string]any{
				"eng_name": strings.Repeat("a", 201), "category": "cars", "delivery_tag": "pigeon", "retail_price": -1, "release_date": "soon", "tick": -5,
			} {
				wantField(t, staff.Patch(infoPath(info, ""), M{field: value}), field)
			}
			for _, tick := range []int64{0, -1, 1_000_001} { // none of them is taken for another
				wantField(t, staff.Patch(infoPath(info, ""), M{"tick": tick}), "tick")
				wantField(t, staff.Do(http.MethodPut, infoPath(info, ""), M{"brand": sh.brand, "eng_name": "Court 86", "category": "life", "tick": tick}), "tick")
				wantField(t, staff.Post("/api/shop/productinfos/", M{"brand": sh.brand, "eng_name": "x", "category": "life", "tick": tick}), "tick")
			}
			if got = apptest.Into[row](t, staff.Get(infoPath(info, "")).Want(t, 200)); got.Tick != 500 {
				t.Errorf("after refused ticks: %+v", got)
			}
			if got = apptest.Into[row](t, staff.Post("/api/shop/productinfos/", M{"brand": sh.brand, "eng_name": "Without a tick", "category": "life"}).Want(t, 201)); got.Tick != 1 {
				t.Errorf("without a tick: %+v", got)
			}
			wantField(t, staff.Do(http.MethodPut, infoPath(info, ""), M{"category": "life"}), "eng_name")
			staff.Patch(infoPath(info, ""), M{"brand": 999999}).WantCode(t, 404, "shop.brand_not_found")
			staff.Post("/api/shop/productinfos/", M{"brand": 999999, "eng_name": "x", "category": "life"}).WantCode(t, 404, "shop.brand_not_found")
			wantField(t, staff.Post("/api/shop/productinfos/", M{"eng_name": "x", "category": "life"}), "brand")
			wantField(t, staff.Post("/api/shop/productinfos/", M{"eng_name": "x"}), "brand")
			wantField(t, staff.Post("/api/shop/productinfos/", M{"eng_name": "x"}), "category")

			p := sh.size(info, "260")
			id := ask(t, s.Person(), p, 100000)
			staff.Patch(infoPath(info, ""), M{"delivery_tag": "brand"}).WantCode(t, 409, "shop.delivery_locked")
			staff.Patch(infoPath(info, ""), M{"tick": 7}).WantCode(t, 409, "shop.delivery_locked")
			staff.Patch(infoPath(info, ""), M{"kor_name": "코트"}).Want(t, 200)
			// A PUT that doesn't speak of the tick leaves it to the open bids.
			got = apptest.Into[row](t, staff.Do(http.MethodPut, infoPath(info, ""), M{"brand": sh.brand, "eng_name": "Court 87", "category": "life"}).Want(t, 200))
			if got.Tick != 500 || got.EngName != "Court 87" {
				t.Errorf("after PUT without a tick: %+v", got)
			}
			staff.Delete(infoPath(info, "")).WantCode(t, 409, "shop.info_in_use")
			staff.Delete(infoPath(info, "products/260/")).WantCode(t, 409, "shop.product_in_use")
			buy(person, p, nil).Want(t, 201)
			if n := count(t, s, "SELECT count(*) FROM bids WHERE id = $1 AND status = 'filled'", id); n != 1 {
				t.Error("the ask is not filled")
			}
			staff.Delete(infoPath(info, "")).WantCode(t, 409, "shop.info_in_use")
			staff.Patch(infoPath(info, ""), M{"delivery_tag": "brand"}).Want(t, 200)

			unused := sh.info(nil)
			person.Post(product(sh.size(unused, "M"), "wishes/"), nil).Want(t, 201)
			staff.Delete(infoPath(unused, "")).Want(t, 204)
			for _, r := range []apptest.Reply{
				staff.Get(infoPath(unused, "")), staff.Delete(infoPath(unused, "")), staff.Patch(infoPath(unused, ""), M{}), staff.Get(infoPath(unused, "products/")),
				staff.Get(infoPath(unused, "products/ALL/")), staff.Get(infoPath(unused, "sizes/")), staff.Get(infoPath(unused, "images/")),
				staff.Post(infoPath(unused, "products/"), M{"size": "M"}), staff.Post(infoPath(unused, "images/"), nil),
			} {
				if r.Status != 404 && r.Status != 400 || r.Status == 404 && r.Code() != "shop.info_not_found" {
					t.Errorf("of a deleted article: %d %s", r.Status, r.Body)
				}
			}
			if n := count(t, s, "SELECT count(*) FROM wishes w LEFT JOIN products p ON p.id = w.product_id WHERE p.id IS NULL"); n != 0 {
				t.Errorf("%d wishes for nothing", n)
			}
		})

		t.Run("sizes", func(t *testing.T) {
			info := sh.info(nil)
			all := sh.all(info)
			id := ask(t, person, all, 50000) // an article without sizes trades on ALL
			staff.Post(infoPath(info, "products/"), M{"size": "M"}).WantCode(t, 409, "shop.all_has_bids")
			person.Delete(bidPath("sales", id)).Want(t, 204)
			sh.size(info, "m")
			staff.Post(infoPath(info, "products/"), M{"size": "M"}).WantCode(t, 409, "shop.size_taken")
			staff.Post(infoPath(info, "products/"), M{"size": "all"}).WantCode(t, 409, "shop.size_taken")
			person.Post(product(all, "bids/?type=sales"), M{"price": 50000}).WantCode(t, 400, "shop.not_biddable")
			for _, size := range []string{"", "사이즈", "1234567890123", "a b"} {
				wantField(t, staff.Post(infoPath(info, "products/"), M{"size": size}), "size")
			}
			wantField(t, staff.Post(infoPath(info, "products/"), M{"size": "L", "stock": 1}), "stock")
			wantField(t, staff.Patch(infoPath(info, "products/M/"), M{"purchase_price": 1000}), "purchase_price")
			staff.Patch(infoPath(info, "products/XXL/"), M{}).WantCode(t, 404, "shop.product_not_found")
			staff.Delete(infoPath(info, "products/XXL/")).WantCode(t, 404, "shop.product_not_found")
			staff.Delete(infoPath(info, "products/ALL/")).WantCode(t, 409, "shop.product_in_use")
			if d := apptest.Into[struct{ Tradable bool }](t, person.Get(infoPath(info, "products/all/")).Want(t, 200)); d.Tradable {
				t.Error("ALL is tradable beside a size")
			}
			staff.Delete(infoPath(info, "products/m/")).Want(t, 204)
			ask(t, person, all, 60000) // the only size again
			// What the staff can add, people can open.
			sh.size(sh.info(nil), "36.5")
			slashed := sh.info(nil)
			sh.size(slashed, "36/37")
			person.Get(infoPath(slashed, "products/36%2F37/")).Want(t, 200)
		})
	})
}

// Whoever is not staff changes nothing, and is told so before anything is read.
func TestOnlyTheStaffWrites(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		sh.size(info, "260")
		before := s.Anonymous().Get("/api/shop/productinfos/?facets=true").Want(t, 200)
		for _, w := range []struct{ method, path string }{
			{"POST", "/api/shop/brands/"},
			{"PUT", fmt.Sprintf("/api/shop/brands/%d/", sh.brand)},
			{"PATCH", fmt.Sprintf("/api/shop/brands/%d/", sh.brand)},
			{"DELETE", fmt.Sprintf("/api/shop/brands/%d/", sh.brand)},
			{"POST", "/api/shop/productinfos/"},
			{"PUT", infoPath(info, "")},
			{"PATCH", infoPath(info, "")},
			{"DELETE", infoPath(info, "")},
			{"POST", infoPath(info, "products/")},
			{"PUT", infoPath(info, "products/260/")},
			{"PATCH", infoPath(info, "products/260/")},
			{"DELETE", infoPath(info, "products/260/")},
			{"POST", infoPath(info, "images/")},
			{"DELETE", "/api/shop/productimages/1/"},
		} {
			for _, body := range []any{M{"name": "x", "eng_name": "x", "size": "270"}, strings.NewReader("junk")} {
				s.Anonymous().Do(w.method, w.path, body).WantCode(t, 401, "auth.required")
			}
			s.Person().Do(w.method, w.path, M{"name": "x"}).WantCode(t, 403, "auth.forbidden")
		}
		if after := s.Anonymous().Get("/api/shop/productinfos/?facets=true").Want(t, 200); !bytes.Equal(before.Body, after.Body) {
			t.Errorf("something changed: %s", after.Body)
		}
	})
}

// upload sends a file as the article's picture.
func upload(t *testing.T, c *apptest.Client, info int64, field string, file []byte) apptest.Reply {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	w, err := parts.CreateFormFile(field, "picture.bin")
	if err == nil {
		_, err = w.Write(file)
	}
	if err == nil {
		err = parts.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.With("Content-Type", parts.FormDataContentType()).Do(http.MethodPost, infoPath(info, "images/"), &body)
}

func TestPicturesOfAnArticle(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff := s.Staff()
		info := newShelf(t, staff).info(nil)
		picture := image.NewNRGBA(image.Rect(0, 0, 40, 30))
		picture.Set(3, 3, color.NRGBA{200, 10, 10, 255})
		var asPNG, asJPEG bytes.Buffer
		if err := png.Encode(&asPNG, picture); err != nil {
			t.Fatal(err)
		}
		if err := jpeg.Encode(&asJPEG, picture, nil); err != nil {
			t.Fatal(err)
		}
		type shown struct {
			ID  int64  `json:"id"`
			URL string `json:"product_image"`
		}
		first := apptest.Into[shown](t, upload(t, staff, info, "product_image", asPNG.Bytes()).Want(t, 201))
		second := apptest.Into[shown](t, upload(t, staff, info, "product_image", asJPEG.Bytes()).Want(t, 201))
		row := apptest.Into[struct {
			Set  []shown  `json:"productimage_set"`
			URLs []string `json:"productimage_urls"`
		}](t, s.Anonymous().Get(infoPath(info, "")).Want(t, 200))
		if len(row.Set) != 2 || row.Set[0] != first || row.Set[1] != second || len(row.URLs) != 2 || row.URLs[0] != first.URL {
			t.Errorf("the article shows %+v", row)
		}
		for _, p := range []shown{first, second} {
			path, ours := strings.CutPrefix(p.URL, s.URL)
			if !ours {
				t.Fatalf("the picture is at %q, the server at %s", p.URL, s.URL)
			}
			r := s.Anonymous().Get(path).Want(t, 200)
			if got, _, err := image.Decode(bytes.NewReader(r.Body)); err != nil || got.Bounds().Dx() != 40 {
				t.Errorf("%s: %v", path, err)
			}
			for header, value := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'; sandbox",
			} {
				if got := r.Header.Get(header); got != value {
					t.Errorf("%s: %s is %q", path, header, got)
				}
			}
			if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "image/") || r.Header.Get("Etag") == "" {
				t.Errorf("%s: %v", path, r.Header)
			}
			s.Anonymous().With("If-None-Match", r.Header.Get("Etag")).Get(path).Want(t, 304)
		}
		upload(t, staff, info, "product_image", []byte("<svg onload=alert(1)>")).WantCode(t, 400, "blob.unsupported_type")
		upload(t, staff, info, "product_image", asPNG.Bytes()[:60]).WantCode(t, 400, "blob.bad_image")
		if s.DB.Dialect == db.SQLite { // once is enough of what takes long
			upload(t, staff, info, "product_image", append(asPNG.Bytes(), make([]byte, 10<<20)...)).WantCode(t, 413, "blob.too_large")
			upload(t, staff, info, "product_image", make([]byte, 13<<20)).Want(t, 413)
		}
		wantField(t, upload(t, staff, info, "picture", asPNG.Bytes()), "product_image")
		upload(t, staff, 999999, "product_image", asPNG.Bytes()).WantCode(t, 404, "shop.info_not_found")

		staff.Delete(fmt.Sprintf("/api/shop/productimages/%d/", first.ID)).Want(t, 204)
		staff.Delete(fmt.Sprintf("/api/shop/productimages/%d/", first.ID)).WantCode(t, 404, "shop.image_not_found")
		s.Anonymous().Get(strings.TrimPrefix(first.URL, s.URL)).Want(t, 404)
		staff.Delete(infoPath(info, "")).Want(t, 204)
		s.Anonymous().Get(strings.TrimPrefix(second.URL, s.URL)).Want(t, 404)
	})
}

// Two members of the staff change different fields at once: both stay.
func TestTwoOfTheStaffAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		one, two := s.Staff(), s.Staff()
		info := newShelf(t, one).info(nil)
		lost := 0
		for i := range 15 {
			eng, kor := fmt.Sprint("Court ", i), fmt.Sprint("코트 ", i)
			together(
				func() { wantOneOf(t, one.Patch(infoPath(info, ""), M{"eng_name": eng}), 200) },
				func() { wantOneOf(t, two.Patch(infoPath(info, ""), M{"kor_name": kor}), 200) },
			)
			got := apptest.Into[struct {
				Eng string `json:"eng_name"`
				Kor string `json:"kor_name"`
			}](t, one.Get(infoPath(info, "")).Want(t, 200))
			if got.Eng != eng || got.Kor != kor {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%d of 15 times one of two changes was lost", lost)
		}
	})
}
