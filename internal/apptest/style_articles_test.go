package apptest_test

import (
	"fmt"
	"testing"
	"time"

	"rally/internal/apptest"
)

func won(price *int64) int64 {
	if price == nil {
		return 0
	}
	return *price
}

func TestStyleAPostShowsArticles(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, sh := s.Person(), newShelf(t, s.Staff())
		infos := make([]int64, 6)
		for i := range infos {
			infos[i] = sh.info(M{"eng_name": fmt.Sprint("Court ", i), "kor_name": fmt.Sprint("코트 ", i)})
		}
		upload(t, sh.staff, infos[0], "product_image", drawn(t, 20, 20)).Want(t, 201)

		// Five, in both ways, each once.
		p := postWith(t, me, M{"content": "five", "productinfo_ids": []int64{infos[1], infos[0], infos[1], infos[2]}, "tags": []M{{"info_id": infos[0]}, {"info_id": infos[3]}, {"info_id": infos[4]}}})
		if p.wares() != ids(infos[0], infos[3], infos[4], infos[1], infos[2]) {
			t.Errorf("it shows %s", p.wares())
		}
		if w := p.Products[0]; w.EngName != "Court 0" || w.KorName != "코트 0" || w.Image == nil || w.PurchasePrice != nil || w.SalesPrice != nil || w.X != nil || w.Y != nil || w.Owned == nil || *w.Owned || p.Products[1].Image != nil {
			t.Errorf("an article: %+v", w)
		}
		for _, body := range []M{
			{"productinfo_ids": infos}, {"tags": []M{{"info_id": infos[5]}}, "productinfo_ids": infos[:5]},
			{"productinfo_ids": []int64{999999}}, {"productinfo_ids": []int64{0}}, {"productinfo_ids": []int64{-1}}, {"tags": []M{{"info_id": 999999}}}, {"tags": []M{{}}},
		} {
			body["content"] = "x"
			wantField(t, me.Post(postsPath, body), "productinfo_ids")
			wantField(t, me.Patch(postPath(p.ID, ""), body), "productinfo_ids")
		}
		at := func(x, y any, picture any) M { return M{"info_id": infos[0], "x": x, "y": y, "picture": picture} }
		for _, tag := range []M{at(1.1, 0, 0), at(0, -0.1, 0), at(-1, 0, 0), at(0, 2, 0), at(0.5, nil, 0), at(nil, 0.5, 0), at(0.5, 0.5, 1), at(0.5, 0.5, -1), at(nil, nil, 7), at(nil, nil, -1)} {
			r := attach(t, me, "POST", postsPath, map[string][]string{"tags": {asJSON([]M{tag})}}, drawn(t, 8, 8))
			wantField(t, r, "tags")
			wantField(t, me.Patch(postPath(p.ID, ""), M{"tags": []M{tag}}), "tags")
		}
		wantField(t, me.Post(postsPath, M{"content": "no picture", "tags": []M{at(0.5, 0.5, 0)}}), "tags")
		wantField(t, me.Post(postsPath, M{"content": "twice", "tags": []M{{"info_id": infos[0]}, {"info_id": infos[0]}}}), "tags")
		for _, tags := range []any{"{", "[1]", `{"info_id":1}`, 5, []any{"x"}, []M{{"info_id": "1"}}, []M{at("0.5", 0.5, 0)}, []M{at(0.5, 0.5, 0.5)}} {
			if r := me.Post(postsPath, M{"content": "x", "tags": tags}); r.Status != 400 || r.Code() != "request.invalid" && r.Code() != "request.malformed" {
				t.Errorf("tags %v: %d %s", tags, r.Status, r.Body)
			}
		}
		// The corners are inside.
		corner := postShown(t, me, map[string][]string{"tags": {asJSON([]M{at(0, 1, 0)})}}, drawn(t, 8, 8))
		if w := corner.Products[0]; *w.X != 0 || *w.Y != 1 || w.Picture != 0 {
			t.Errorf("a corner: %+v", w)
		}
		if got := readPost(t, me, p.ID); got.wares() != p.wares() || got.EditedAt != nil {
			t.Errorf("after what was refused: %+v", got)
		}
		wantStyleCounted(t, s)
	})
}

// An article counts the posts that show it.
func TestStyleArticlesCountWhereTheyAreShown(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other, sh := s.Person(), s.Person(), newShelf(t, s.Staff())
		a, b, c := sh.info(nil), sh.info(nil), sh.info(nil)
		want := func(when string, counts ...int) {
			t.Helper()
			for i, info := range []int64{a, b, c} {
				if n := apptest.Into[struct{ Shares int }](t, s.Anonymous().Get(infoPath(info, "")).Want(t, 200)).Shares; n != counts[i] {
					t.Errorf("%s article %d counts %d, want %d", when, i, n, counts[i])
				}
			}
			wantStyleCounted(t, s)
		}
		p := postWith(t, me, M{"content": "x", "productinfo_ids": []int64{a, b}})
		q := postWith(t, other, M{"content": "x", "productinfo_ids": []int64{b}})
		want("after two posts", 1, 2, 0)
		me.Patch(postPath(p.ID, ""), M{"productinfo_ids": []int64{b, c}}).Want(t, 200)
		want("after another choice", 0, 2, 1)
		me.Patch(postPath(p.ID, ""), M{"content": "only words"}).Want(t, 200)
		want("after other words", 0, 2, 1)
		me.Patch(postPath(p.ID, ""), M{"tags": []M{}}).Want(t, 200)
		want("after none", 0, 1, 0)
		me.Patch(postPath(p.ID, ""), M{"tags": []M{{"info_id": a}}}).Want(t, 200)
		want("after one again", 1, 1, 0)
		me.Delete(postPath(p.ID, "")).Want(t, 204)
		other.Delete(postPath(q.ID, "")).Want(t, 204)
		want("at the end", 0, 0, 0)

		// An article that goes is shown no more, and the post stays.
		p = postWith(t, me, M{"content": "stays", "productinfo_ids": []int64{a, b}})
		sh.staff.Delete(infoPath(a, "")).Want(t, 204)
		s.Clock.Advance(2 * time.Second)
		if got := readPost(t, me, p.ID); got.wares() != ids(b) {
			t.Errorf("without the article: %+v", got)
		}
		me.Patch(postPath(p.ID, ""), M{"content": "changed"}).Want(t, 200)
		me.Delete(postPath(p.ID, "")).Want(t, 204)
		if n := count(t, s, "SELECT shares FROM product_infos WHERE id = $1", b); n != 0 {
			t.Errorf("the other article counts %d", n)
		}
	})
}

// Posts carry today's prices: the lowest ask and the highest bid of any size.
func TestStylePostsShowTodaysPrices(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		info := b.sh.info(nil)
		small, large := b.sh.size(info, "260"), b.sh.size(info, "280")
		p := postWith(t, b.bystander, M{"content": "prices", "productinfo_ids": []int64{info}})
		want := func(when string, low, high int64) {
			t.Helper()
			s.Clock.Advance(2 * time.Second)
			for name, got := range map[string]story{"the post": readPost(t, s.Anonymous(), p.ID), "the feed": feed(t, s, b.buyer, "type=latest")[0]} {
				if w := got.Products[0]; won(w.PurchasePrice) != low || won(w.SalesPrice) != high {
					t.Errorf("%s %s says %d and %d, want %d and %d", when, name, won(w.PurchasePrice), won(w.SalesPrice), low, high)
				}
			}
		}
		want("at first", 0, 0)
		ask(t, b.seller, large, 150000)
		want("after an ask", 150000, 0)
		cheap := ask(t, b.seller, small, 120000)
		want("after a lower one", 120000, 0)
		offer(t, b.buyer, large, 90000)
		offer(t, b.buyer, small, 80000)
		want("after two offers", 120000, 90000)
		b.seller.Delete(bidPath("sales", cheap)).Want(t, 204)
		want("after the lowest ask is gone", 150000, 90000)
		buy(b.buyer, large, M{"expected_price": 150000}).Want(t, 201)
		want("after the last ask is taken", 0, 90000)
	})
}

// "owned" is for an author who bought the article here, and has it.
func TestStyleWhoBoughtWhatTheyShow(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		info := count(t, s, "SELECT info_id FROM products WHERE id = $1", b.p)
		other := b.sh.info(nil)
		fields := M{"content": "mine", "productinfo_ids": []int64{int64(info), other}}
		mine, theirs := postWith(t, b.buyer, fields), postWith(t, b.seller, fields)
		want := func(when string, owned bool) {
			t.Helper()
			if got := feedIDs(t, s, b.bystander, fmt.Sprintf("type=product&info_id=%d", info)); got != ids(theirs.ID, mine.ID) {
				t.Errorf("%s the article is shown in %s", when, got)
			}
			for _, list := range [][]story{feed(t, s, s.Anonymous(), fmt.Sprintf("type=product&info_id=%d", info)), {readPost(t, b.seller, theirs.ID), readPost(t, b.seller, mine.ID)}} {
				for _, p := range list {
					for _, w := range p.Products {
						if is := owned && p.ID == mine.ID && w.InfoID == int64(info); w.Owned == nil || *w.Owned != is {
							t.Errorf("%s post %d says of %d: %v, want %v", when, p.ID, w.InfoID, w.Owned, is)
						}
					}
				}
			}
			for _, p := range feed(t, s, b.buyer, "type=latest") {
				if p.Products[0].Owned != nil {
					t.Errorf("%s the latest feed says who owns it: %+v", when, p.Products[0])
				}
			}
		}
		want("before the trade", false)
		order := b.at("delivering", 100000)
		want("before it came", false)
		step(b.buyer, order, "confirm", nil).Want(t, 200)
		want("after it came", true)
	})
}
