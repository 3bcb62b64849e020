package apptest_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// found is the answer of a search.
type found struct {
	pageOf[listed]
	Similar bool
	Facets  struct {
		Category []facet `json:"category"`
	} `json:"facets"`
}

func search(t *testing.T, c *apptest.Client, words, more string) found {
	t.Helper()
	return apptest.Into[found](t, c.Get("/api/shop/productinfos/?facets=true&search="+url.QueryEscape(words)+more).Want(t, 200))
}

func (f found) names() string {
	var names []string
	for _, l := range f.Results {
		names = append(names, l.Eng)
	}
	return strings.Join(names, ", ")
}

// threeArticles is a small shop of two brands.
func threeArticles(t *testing.T, s *apptest.Server) shelf {
	t.Helper()
	sh := newShelf(t, s.Staff())
	sh.staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", sh.brand), M{"name": "Solbit"}).Want(t, 200)
	other := newShelf(t, sh.staff)
	sh.staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", other.brand), M{"name": "케스트렐"}).Want(t, 200)
	sh.info(M{"eng_name": "Court 84 Chalk", "kor_name": "코트 84 초크", "model_number": "SB-84-0107", "colorway": "Chalk"})
	sh.info(M{"eng_name": "Court 90 Ink", "kor_name": "코트 90 잉크", "model_number": "SB-90-0012", "colorway": "Ink"})
	other.info(M{"eng_name": "Desk Lamp", "kor_name": "책상 램프", "category": "tech", "model_number": "KT/7"})
	return sh
}

func TestASearchForgivesSlips(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		threeArticles(t, s)
		c := s.Anonymous()
		const chalk, ink, lamp = "Court 84 Chalk", "Court 90 Ink", "Desk Lamp"
		for words, want := range map[string]string{
			// As they are: every word, or a part of it, or its beginning.
			"court": ink + ", " + chalk, "84 cou": chalk, "OURT": ink + ", " + chalk, "sb-84": chalk, "0012": ink, "코트": ink + ", " + chalk, "잉ㅋ": ink, "초": chalk, "책": lamp, "ㅊ": lamp + ", " + chalk,
			"케스트": lamp, "solbit ink": ink, "i": ink, "kt/": lamp,
			// Nothing.
			"qwxz": "", "solbit zzzz": "", "뷁": "", "%": "", `"`: "", "* OR court": "", "court lamp": "",
			// Spelt alike.
			"~solbt chlak": chalk, "~코드84": chalk, "~코드90": ink, "~sb840107": chalk, "~cuort 90": ink, "~램브": lamp, "~케스토렐": lamp, "~dsek": lamp, "~olbit 잉그": ink,
		} {
			words, similar := strings.CutPrefix(words, "~")
			got := search(t, c, words, "")
			counted := 0
			for _, f := range got.Facets.Category {
				counted += f.Count
			}
			if n := len(got.Results); got.names() != want || got.Similar != similar || got.Count != n || counted != n {
				t.Errorf("%q finds %q (similar: %t, count %d, counted %d), want %q (similar: %t)", words, got.names(), got.Similar, got.Count, counted, want, similar)
			}
			again := search(t, c, words, "") // from what was kept
			if again.names() != want || again.Similar != similar || again.Count != len(got.Results) {
				t.Errorf("%q finds %q again (similar: %t)", words, again.names(), again.Similar)
			}
		}
		// The likest first, or as it is asked for; other filters hold.
		for more, want := range map[string]string{"": "Court 90 Ink, Court 84 Chalk", "&ordering=popular": "Court 90 Ink, Court 84 Chalk", "&category=tech": "", "&page_size=1&page=2": "Court 84 Chalk"} {
			if got := search(t, c, "cuort", more); got.names() != want || !got.Similar {
				t.Errorf("cuort%s finds %q, similar: %t", more, got.names(), got.Similar)
			}
		}
		// What a filter hides is there all the same: no reason to look further.
		if got := search(t, c, "court", "&category=tech"); len(got.Results) > 0 || got.Similar {
			t.Errorf("hidden articles: %q, similar: %t", got.names(), got.Similar)
		}
		for words, want := range map[string]int{"": 2, "sol": 1, "LBI": 1, "케스": 1, "캣": 0, "s": 1, "lamp": 0, "%": 0} {
			if got := apptest.Into[pageOf[idOf]](t, c.Get("/api/shop/brands/?search="+url.QueryEscape(words)).Want(t, 200)); got.Count != want || len(got.Results) != want {
				t.Errorf("%q finds %d brands of %d", words, len(got.Results), got.Count)
			}
		}
		wantField(t, c.Get("/api/shop/brands/?search="+strings.Repeat("a", 101)), "search")
	})
}

// What articles are found by follows every change, and counts with it.
func TestASearchKnowsWhatTheStaffChanged(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh := threeArticles(t, s)
		c := s.Anonymous()
		want := func(words string, n int) {
			t.Helper()
			if got := search(t, c, words, "&page_size=1"); got.Count != n || got.Similar {
				t.Errorf("%q finds %d (similar: %t), want %d", words, got.Count, got.Similar, n)
			}
		}
		want("solbit", 2)
		want("", 3)
		sh.staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", sh.brand), M{"name": "달빛"}).Want(t, 200)
		want("solbit", 0)
		want("달빛 court", 2)
		info := sh.info(M{"eng_name": "Velvet Coat", "kor_name": "벨벳 코트"})
		want("달빛", 3)
		want("", 4)
		sh.staff.Patch(infoPath(info, ""), M{"kor_name": "벨벳 자켓", "colorway": "Plum"}).Want(t, 200)
		want("코트", 2)
		want("자켓 plum", 1)
		sh.staff.Delete(infoPath(info, "")).Want(t, 204)
		want("자켓", 0)
		want("달빛", 2)
		want("", 3)
	})
}

// A brand gets one name after another while its articles are edited: what they
// are found by is the last of everything.
func TestRenamesAndEditsDoNotLoseEachOther(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh := newShelf(t, s.Staff())
		infos := []int64{sh.info(nil), sh.info(nil)}
		const rounds = 12
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range rounds {
				sh.staff.Patch(fmt.Sprintf("/api/shop/brands/%d/", sh.brand), M{"name": fmt.Sprintf("Brandname%02d", i)}).Want(t, 200)
			}
		})
		for _, id := range infos {
			wg.Go(func() {
				for i := range rounds {
					sh.staff.Patch(infoPath(id, ""), M{"colorway": fmt.Sprintf("Colour%02d", i)}).Want(t, 200)
				}
			})
		}
		wg.Go(func() {
			for i := range rounds {
				sh.staff.Post("/api/shop/productinfos/", M{"brand": sh.brand, "eng_name": fmt.Sprint("New ", i), "category": "shoes"}).Want(t, 201)
			}
		})
		wg.Wait()
		type row struct {
			Words string `bun:"words"`
			Name  string `bun:"name"`
		}
		rows, err := db.Select[row](t.Context(), s.DB, "SELECT w.words, i.eng_name AS name FROM product_infos i JOIN info_search w ON w.info_id = i.id")
		if err != nil || len(rows) != len(infos)+rounds {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, r := range rows {
			if !strings.HasPrefix(r.Words, fmt.Sprintf("  brandname%02d  ", rounds-1)) || strings.HasPrefix(r.Name, "Court") && !strings.HasSuffix(r.Words, fmt.Sprintf("  colour%02d", rounds-1)) {
				t.Errorf("%s is found by %q", r.Name, r.Words)
			}
		}
	})
}

// Lists show what the books say at once; their order and their spans of prices
// follow.
func TestListsFollowTheBooks(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh, people, c := newShelf(t, s.Staff()), s.People(2), s.Anonymous()
		prices := map[int64]int64{} // by article
		var sizes []int64
		for i := range 4 {
			info := sh.info(M{"retail_price": 100000 * (4 - i)})
			sizes = append(sizes, sh.size(info, "260"), sh.size(info, "270"))
			prices[info] = int64(100000 + 10000*i)
			ask(t, people[0], sizes[2*i], prices[info])
			ask(t, people[0], sizes[2*i+1], prices[info]+500000)
		}
		ids := slices.Sorted(maps.Keys(prices))
		list := func(query string) []int64 {
			t.Helper()
			var got []int64
			for _, l := range apptest.Into[pageOf[listed]](t, c.Get("/api/shop/productinfos/?"+query).Want(t, 200)).Results {
				if want := prices[l.ID]; num(l.Price) != fmt.Sprint(want) {
					t.Errorf("%s: article %d is shown at %s, want %d", query, l.ID, num(l.Price), want)
				}
				got = append(got, l.ID)
			}
			return got
		}
		until := func(query string, want ...int64) {
			t.Helper()
			testkit.Until(t, fmt.Sprintf("?%s is %v", query, want), func() bool { return slices.Equal(list(query), want) })
		}
		until("ordering=price", ids...)
		until("ordering=-price", ids[3], ids[2], ids[1], ids[0])
		until("ordering=premium", ids[3], ids[2], ids[1], ids[0])
		until("price=110000-120000", ids[2], ids[1])

		// The cheapest ask is taken: the next one counts.
		buy(people[1], sizes[0], nil).Want(t, 201)
		prices[ids[0]] = 600000
		until("ordering=price", ids[1], ids[2], ids[3], ids[0])
		until("price=110000-600000&ordering=-price", ids[0], ids[3], ids[2], ids[1])
		// A better ask, by the change of a bid.
		ask(t, people[0], sizes[6], 90000)
		prices[ids[3]] = 90000
		until("ordering=price", ids[3], ids[1], ids[2], ids[0])
		waitForListPrices(t, s)
	})
}
