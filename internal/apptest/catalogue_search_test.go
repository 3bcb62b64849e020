package apptest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// listed is an article as the list shows it, and as this test made it.
type listed struct {
	ID       int64
	Brand    int64
	Eng      string `json:"eng_name"`
	Kor      string `json:"kor_name"`
	Delivery string `json:"delivery_tag"`
	Category string
	Price    *int64
	Wishes   int64
	Retail   *int64 `json:"retail_price"`

	brandName string
	sizes     []string
}

type facet struct {
	Value, Label string
	Count        int
}

// catalogue is the shop of the search test: articles of three brands.
func catalogue(t *testing.T, s *apptest.Server) []listed {
	t.Helper()
	staff, people := s.Staff(), s.People(3)
	categories := []string{"shoes", "clothes", "fashion", "life", "tech"}
	sizes := [][]string{{"250", "260"}, {"M", "L"}, {"260"}, nil}
	shelves := []shelf{newShelf(t, staff), newShelf(t, staff), newShelf(t, staff)}
	brandNames := []string{"Solbit", "달빛 Studio", "Kestrel_100%"}
	for i, sh := range shelves {
		staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", sh.brand), M{"name": brandNames[i]}).Want(t, 200)
	}
	var all []listed
	for i := range 24 {
		sh := shelves[i%3]
		l := listed{
			Brand: sh.brand, Eng: fmt.Sprintf("Runner No. %d", i), Kor: fmt.Sprintf("러너 %d호", i), Delivery: "immediate",
			Category: categories[i%5], brandName: brandNames[i%3], sizes: append([]string{"ALL"}, sizes[i%4]...),
		}
		if i%6 == 5 {
			l.Delivery = "brand"
		}
		fields := M{"eng_name": l.Eng, "kor_name": l.Kor, "category": l.Category, "delivery_tag": l.Delivery}
		if i%2 == 0 {
			retail := int64(50000 + 1000*i)
			l.Retail, fields["retail_price"] = &retail, retail
		}
		l.ID = sh.info(fields)
		for n, size := range sizes[i%4] {
			price := int64(40000 + 7000*i + 1000*n)
			if l.Delivery == "brand" {
				staff.Post(infoPath(l.ID, "products/"), M{"size": size, "purchase_price": price, "stock": 3}).Want(t, 201)
			} else {
				p := sh.size(l.ID, size)
				if i%5 == 4 {
					continue // nobody asks
				}
				ask(t, people[0], p, price)
			}
			if l.Price == nil || price < *l.Price {
				l.Price = &price
			}
		}
		for _, person := range people[:i%4] {
			person.Post(product(sh.all(l.ID), "wishes/"), nil).Want(t, 201)
			l.Wishes++
		}
		all = append(all, l)
	}
	return all
}

// waitForListPrices waits until the prices by which lists are ordered and
// filtered are those of the books.
func waitForListPrices(t *testing.T, s *apptest.Server) {
	t.Helper()
	testkit.Until(t, "the list prices follow the books", func() bool {
		stale, err := db.Get[int](t.Context(), s.DB, `SELECT count(*) FROM product_infos i WHERE i.list_price IS DISTINCT FROM
			(SELECT min(CASE WHEN p.biddable THEN p.purchase_price WHEN p.stock > 0 THEN p.purchase_price END) FROM products p WHERE p.info_id = i.id)`)
		if err != nil {
			t.Fatal(err)
		}
		return stale == 0
	})
}

// chosen says whether a query's filters, but the left out one, choose l.
func (l listed) chosen(q url.Values, leaveOut string) bool {
	among := func(name string, values ...string) bool {
		return leaveOut == name || len(q[name]) == 0 || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(q[name], v) })
	}
	within := func() bool {
		return len(q["price"]) == 0 || slices.ContainsFunc(q["price"], func(span string) bool {
			low, high, _ := strings.Cut(span, "-")
			var from, to int64 = 0, 1 << 60
			_, _ = fmt.Sscan(low, &from)
			_, _ = fmt.Sscan(high, &to)
			return l.Price != nil && *l.Price >= from && *l.Price <= to
		})
	}
	text := strings.ToLower(l.Eng + " " + l.Kor + " " + l.brandName)
	for _, word := range strings.Fields(strings.ToLower(norm.NFKC.String(q.Get("search")))) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return among("delivery_tag", l.Delivery) && among("brand_id", fmt.Sprint(l.Brand)) && among("category", l.Category) && among("size", l.sizes...) && within()
}

func TestSearchingTheCatalogue(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		all, c := catalogue(t, s), s.Anonymous()
		waitForListPrices(t, s)
		brands := []string{fmt.Sprint("brand_id=", all[0].Brand), fmt.Sprint("brand_id=", all[1].Brand)}
		for _, query := range []string{
			"", "delivery_tag=brand", "delivery_tag=brand&delivery_tag=immediate", brands[0], brands[0] + "&" + brands[1], "brand_id=999999",
			"category=shoes", "category=shoes&category=tech", "size=260", "size=260&size=l", "size=ALL", "price=60000-120000", "price=100000-", "price=-70000", "price=47000-47000", "price=50000-90000&size=260",
			"price=-50000&price=80000-90000&price=110000-", "category=shoes&price=40000-60000&price=100000-120000",
			"search=RUNNER", "search=" + url.QueryEscape("러너 3호"), "search=" + url.QueryEscape(norm.NFD.String("러너 3호")), "search=" + url.QueryEscape("ＲＵＮＮＥＲ"), "search=" + url.QueryEscape("달빛"), "search=solbit+runner", "search=%25", "search=_1", "search=" + url.QueryEscape(`\`), "search=nothing",
			"category=shoes&size=260&delivery_tag=immediate&price=50000-&" + brands[0] + "&search=runner",
			"category=life&category=shoes&size=M&size=250&" + brands[1] + "&" + brands[0],
		} {
			q, err := url.ParseQuery(strings.ReplaceAll(query, "size=l", "size=L"))
			if err != nil {
				t.Fatal(err)
			}
			body := apptest.Into[struct {
				pageOf[listed]
				Facets *struct {
					Category    []facet `json:"category"`
					BrandID     []facet `json:"brand_id"`
					Size        []facet `json:"size"`
					DeliveryTag []facet `json:"delivery_tag"`
				} `json:"facets"`
			}](t, c.Get("/api/shop/productinfos/?facets=true&page_size=100&"+query).Want(t, 200))
			var want []int64
			for _, l := range slices.Backward(all) { // the newest first
				if l.chosen(q, "") {
					want = append(want, l.ID)
				}
			}
			var got []int64
			for _, l := range body.Results {
				got = append(got, l.ID)
			}
			if !slices.Equal(got, want) || body.Count != len(want) {
				t.Errorf("?%s: %v (count %d), want %v", query, got, body.Count, want)
			}
			for name, values := range map[string][]facet{
				"category": body.Facets.Category, "brand_id": body.Facets.BrandID, "size": body.Facets.Size, "delivery_tag": body.Facets.DeliveryTag,
			} {
				counts := map[string]int{}
				for _, l := range all {
					if l.chosen(q, name) {
						for _, v := range map[string][]string{"category": {l.Category}, "brand_id": {fmt.Sprint(l.Brand)}, "size": l.sizes, "delivery_tag": {l.Delivery}}[name] {
							counts[v]++
						}
					}
				}
				shown := map[string]int{}
				for _, f := range values {
					shown[f.Value] = f.Count
				}
				if fmt.Sprint(shown) != fmt.Sprint(counts) || len(values) != len(shown) {
					t.Errorf("?%s: the facet %s counts %v, want %v", query, name, shown, counts)
				}
			}
		}

		for query, field := range map[string]string{
			"delivery_tag=pigeon": "delivery_tag", "brand_id=one": "brand_id", "brand_id=99999999999999999999": "brand_id", "category=cars": "category", "category=shoes,tech": "category",
			"size=" + url.QueryEscape("사"): "size", "price=5": "price", "price=-": "price", "price=2-1": "price", "price=a-b": "price", "price=1-2-3": "price", "price=--1": "price", "price=1e3-": "price",
			"ordering=best": "ordering", "facets=perhaps": "facets", "search=" + strings.Repeat("a", 101): "search", "page=one": "page",
		} {
			wantField(t, c.Get("/api/shop/productinfos/?"+query), field)
		}
		for _, query := range []string{"page=-1", "page_size=-1", "page_size=101", "page=1000000"} {
			c.Get("/api/shop/productinfos/?"+query).WantCode(t, 400, "page.bad_page")
		}
		checkOrder(t, c, all)
		checkPages(t, s, "/api/shop/productinfos/?category=shoes&category=life&size=260&search="+url.QueryEscape("러너")+"&page_size=2")
		checkPages(t, s, "/api/shop/brands?page_size=1")
	})
}

// Names are compared without regard to case in every script, on both engines
// alike.
func TestNamesBeyondASCII(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh := newShelf(t, s.Staff())
		sh.staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", sh.brand), M{"name": "École Über"}).Want(t, 200)
		sh.info(M{"eng_name": "ÎLE Runner", "kor_name": "일 러너"})
		for _, search := range []string{"École", "école", "ÉCOLE", "über", "île", "ÎLE", "일 러너"} {
			list := apptest.Into[pageOf[idOf]](t, s.Anonymous().Get("/api/shop/productinfos/?search="+url.QueryEscape(search)).Want(t, 200))
			if list.Count != 1 {
				t.Errorf("%q finds %d articles", search, list.Count)
			}
		}
		sh.staff.Post("/api/shop/brands/", M{"name": "école über"}).WantCode(t, 409, "shop.brand_taken")
	})
}

func checkOrder(t *testing.T, c *apptest.Client, all []listed) {
	t.Helper()
	premium := func(l listed) float64 {
		if l.Price == nil || l.Retail == nil {
			return -1
		}
		return float64(*l.Price) / float64(*l.Retail)
	}
	for ordering, before := range map[string]func(a, b listed) bool{
		"newest": func(a, b listed) bool { return a.ID > b.ID },
		"popular": func(a, b listed) bool {
			return a.Wishes > b.Wishes || a.Wishes == b.Wishes && a.ID > b.ID
		},
		"price": func(a, b listed) bool {
			return a.Price != nil && (b.Price == nil || *a.Price <= *b.Price) || b.Price == nil
		},
		"-price": func(a, b listed) bool {
			return a.Price != nil && (b.Price == nil || *a.Price >= *b.Price) || b.Price == nil
		},
		"premium": func(a, b listed) bool { return premium(a) >= premium(b) },
	} {
		got := apptest.Into[pageOf[listed]](t, c.Get("/api/shop/productinfos/?page_size=100&ordering="+ordering).Want(t, 200)).Results
		if len(got) != len(all) {
			t.Fatalf("%d articles ordered by %s", len(got), ordering)
		}
		for i := 1; i < len(got); i++ {
			if !before(got[i-1], got[i]) {
				t.Errorf("ordered by %s, %d comes before %d", ordering, got[i-1].ID, got[i].ID)
			}
		}
	}
}

// checkPages follows next to the end and previous back to the start.
func checkPages(t *testing.T, s *apptest.Server, path string) {
	t.Helper()
	c := s.Anonymous()
	follow := func(link *string) string {
		rest, ours := strings.CutPrefix(*link, s.URL)
		if !ours {
			t.Fatalf("the link %q leads elsewhere", *link)
		}
		return rest
	}
	var forth, back []int64
	var p pageOf[idOf]
	for at := path; ; at = follow(p.Next) {
		p = apptest.Into[pageOf[idOf]](t, c.Get(at).Want(t, 200))
		for _, row := range p.Results {
			forth = append(forth, row.ID)
		}
		if p.Next == nil {
			break
		}
	}
	if len(forth) != p.Count || len(forth) < 2 {
		t.Fatalf("%s: %d rows on all pages, count %d", path, len(forth), p.Count)
	}
	for {
		for _, row := range slices.Backward(p.Results) {
			back = append(back, row.ID)
		}
		if p.Previous == nil {
			break
		}
		p = apptest.Into[pageOf[idOf]](t, c.Get(follow(p.Previous)).Want(t, 200))
	}
	slices.Reverse(back)
	if !slices.Equal(forth, back) {
		t.Errorf("%s: forth %v, back %v", path, forth, back)
	}
	if beyond := apptest.Into[pageOf[idOf]](t, c.Get(path+"&page=90").Want(t, 200)); len(beyond.Results) != 0 || beyond.Next != nil || beyond.Count != len(forth) {
		t.Errorf("%s: beyond the end: %+v", path, beyond)
	}
}
