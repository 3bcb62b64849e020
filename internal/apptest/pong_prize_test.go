package apptest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/testkit"
)

// prizedCup is what a tournament says of its prize.
type prizedCup struct {
	cup

	Prize *struct {
		ProductID int64  `json:"product_id"`
		EngName   string `json:"eng_name"`
		KorName   string `json:"kor_name"`
		Size      string
		OrderID   *int64 `json:"order_id"`
	}
	May      struct{ Prize bool }
	MayPrize bool `json:"may_prize"`
}

func prizedCupOf(t *testing.T, c *apptest.Client, id int64) prizedCup {
	t.Helper()
	return apptest.Into[prizedCup](t, c.Get(cupPath(id, "")).Want(t, 200))
}

func putPrize(c *apptest.Client, id, product int64) apptest.Reply {
	return c.Do(http.MethodPut, cupPath(id, "prize/"), M{"product_id": product})
}

// openCup is a tournament that people have entered. The first made it.
func openCup(t *testing.T, people ...*apptest.Client) int64 {
	t.Helper()
	id := apptest.Into[idOf](t, people[0].Post(pongPath+"tournaments/", M{"name": "Prize cup", "size": 8, "points": 3}).Want(t, 201)).ID
	for _, p := range people {
		p.Post(cupPath(id, "join/"), nil).Want(t, 200)
	}
	return id
}

// playCup lets whoever stands second in each pairing give up, and returns the
// champion.
func playCup(t *testing.T, id int64, people ...*apptest.Client) *apptest.Client {
	t.Helper()
	by := func(user int64) *apptest.Client {
		return people[slices.IndexFunc(people, func(p *apptest.Client) bool { return p.UserID == user })]
	}
	people[0].Post(cupPath(id, "start/"), nil).Want(t, 200)
	for round := 1; round <= 2; round++ {
		for _, pairing := range called(t, people[0], id, round).Rounds[round-1] {
			by(*pairing.Players[1]).Post(matchPath(*pairing.MatchID, "forfeit/"), nil).Want(t, 200)
		}
	}
	var c prizedCup
	testkit.Until(t, "there is a champion", func() bool {
		c = prizedCupOf(t, people[0], id)
		return c.State == "finished"
	})
	return by(c.Champion.UserID)
}

// marketOf is all that people are shown of a market.
func marketOf(t *testing.T, s *apptest.Server, p int64) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{"book/", "trades/", "chart/?range=all", "stats/", "quote/?type=purchase"} {
		all.Write(s.Anonymous().Get(product(p, path)).Want(t, 200).Body)
	}
	return all.String()
}

func TestTheChampionGetsThePrize(t *testing.T) {
	apptest.Each(t, patient("RALLY_PONG_PRIZES", "true"), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		b.at("settled", 120000)
		ask(t, b.seller, b.p, 130000)
		info, good := b.sh.good(50000, 1)
		people := s.People(4)
		id := openCup(t, people...)

		stock := func(want int) {
			t.Helper()
			if n := count(t, s, "SELECT stock FROM products WHERE id = $1", good); n != want {
				t.Errorf("%d in stock, want %d", n, want)
			}
		}
		for what, c := range map[string]*apptest.Client{"the staff": b.staff, "its maker": people[0], "a stranger": s.Anonymous()} {
			list := apptest.Into[struct{ Results []prizedCup }](t, c.Get(pongPath+"tournaments/").Want(t, 200)).Results
			if may := what == "the staff"; list[0].MayPrize != may || prizedCupOf(t, c, id).May.Prize != may {
				t.Errorf("%s may set a prize: %+v", what, list[0])
			}
		}
		putPrize(people[0], id, b.p).WantCode(t, 403, "auth.forbidden")
		b.staff.Delete(cupPath(id, "prize/")).WantCode(t, 404, "pong.prize_not_found")
		putPrize(b.staff, id, 999999).WantCode(t, 404, "shop.product_not_found")
		putPrize(b.staff, id, b.sh.all(info)).WantCode(t, 400, "shop.prize_of_all")
		putPrize(b.staff, id, good).Want(t, 200)
		stock(0)
		putPrize(b.staff, openCup(t, people[1]), good).WantCode(t, 409, "shop.out_of_stock")
		putPrize(b.staff, id, good).Want(t, 200) // it is kept already
		b.bystander.Post(product(good, "storeorders/"), nil).WantCode(t, 409, "shop.out_of_stock")
		putPrize(b.staff, id, b.p).Want(t, 200)
		stock(1)
		if c := prizedCupOf(t, s.Anonymous(), id); c.Prize == nil || c.Prize.ProductID != b.p || c.Prize.KorName != "코트 84" || c.Prize.Size != "260" || c.Prize.OrderID != nil {
			t.Fatalf("everybody sees %+v", c.Prize)
		}
		b.staff.Delete(infoPath(infoOf(t, s, b.p), "products/260/")).WantCode(t, 409, "shop.product_in_use")

		market, summary := marketOf(t, s, b.p), b.staff.Get("/api/admin/shop/summary/").Want(t, 200)
		champion := playCup(t, id, people...)
		var won []deal
		testkit.Until(t, "the champion has an order", func() bool {
			won = apptest.Into[pageOf[deal]](t, champion.Get("/api/shop/orders/").Want(t, 200)).Results
			return len(won) > 0
		})
		o := won[0]
		if o.Kind != "prize" || o.Price != 0 || o.Fee != 0 || num(o.Total) != "0" || o.Status != "matched" || o.Type != "purchase" || o.Product != b.p || o.did() != "system:award" ||
			*o.DeadlineFor != "staff" || o.WithdrawUntil != nil || o.Refund != nil {
			t.Errorf("the champion's order: %+v", o)
		}
		wantActions(t, "the champion", o)
		step(champion, o.ID, "withdraw", nil).WantCode(t, 409, "shop.order_wrong_state")
		for _, p := range append(slices.Clone(people), b.staff) {
			if sees := prizedCupOf(t, p, id).Prize.OrderID; (sees != nil && *sees == o.ID) != (p == champion || p == b.staff) {
				t.Errorf("%d sees the order %v", p.UserID, sees)
			}
		}
		told := slices.DeleteFunc(notesOf(t, s, champion), func(n note) bool { return n.Kind != "order_moved" })
		if len(told) != 1 || told[0].Target.ID != o.ID || told[0].Target.Action != "award" || told[0].Target.Price != 0 {
			t.Errorf("the champion is told %+v", told)
		}
		if acts := did(t, s, champion, champion.UserID); strings.Contains(acts, "trade") {
			t.Errorf("a prize is shown as a trade: %s", acts)
		}
		wantActions(t, "the staff", b.read(b.staff, o.ID), "cancel", "dispatch")
		step(b.staff, o.ID, "dispatch", sentWith("PRIZE-1")).Want(t, 200)
		wantActions(t, "the champion", b.read(champion, o.ID), "confirm")
		step(champion, o.ID, "confirm", nil).Want(t, 200)
		if got := b.read(champion, o.ID); got.Status != "settled" || got.did() != "system:award staff:dispatch buyer:confirm" {
			t.Errorf("at the end: %+v", got)
		}
		b.wantLedger(o.ID)

		// Nobody bought anything: no price, no turnover, no "bought it".
		if after := marketOf(t, s, b.p); after != market {
			t.Errorf("the market was\n%s\nand is\n%s", market, after)
		}
		type turnover struct {
			Trades int64 `json:"trades_24h"`
			Volume int64 `json:"volume_24h"`
		}
		if was, is := apptest.Into[turnover](t, summary), apptest.Into[turnover](t, b.staff.Get("/api/admin/shop/summary/").Want(t, 200)); was != is {
			t.Errorf("the turnover was %+v, and is %+v", was, is)
		}
		r := champion.Post(infoPath(infoOf(t, s, b.p), "comments/"), M{"content": "It came."}).Want(t, 201)
		if apptest.Into[struct{ Bought bool }](t, r).Bought {
			t.Error("who won it has bought it")
		}
		list := collectionOf(t, champion, "")
		if len(list.Results) != 1 || list.Results[0].Order != o.ID || list.Results[0].Cost != 0 || num(list.Results[0].PriceNow) != "120000" || num(list.Results[0].Gain) != "120000" || list.Results[0].GainPct != nil {
			t.Errorf("the champion owns %+v", list)
		}
		if part := exported(t, champion, "shop"); !strings.Contains(part, `"kind":"prize"`) {
			t.Errorf("the export: %s", part)
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// infoOf is the article of a product.
func infoOf(t *testing.T, s *apptest.Server, p int64) int64 {
	t.Helper()
	return int64(count(t, s, "SELECT info_id FROM products WHERE id = $1", p))
}

// What is kept goes back where nobody wins it, and what isn't sent.
func TestAPrizeGoesBack(t *testing.T) {
	apptest.Each(t, patient("RALLY_PONG_PRIZES", "true"), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		_, good := b.sh.good(50000, 1)
		people := s.People(4)
		stock := func() int { return count(t, s, "SELECT stock FROM products WHERE id = $1", good) }
		states := func(state string) int {
			return count(t, s, "SELECT count(*) FROM shop_prizes WHERE product_id = $1 AND state = $2", good, state)
		}

		called := openCup(t, people...)
		putPrize(b.staff, called, good).Want(t, 200)
		people[0].Post(cupPath(called, "cancel/"), nil).Want(t, 200)
		testkit.Until(t, "it is given back", func() bool { return prizedCupOf(t, b.staff, called).Prize == nil })
		if stock() != 1 || states("released") != 1 {
			t.Errorf("called off: %d in stock, %d released", stock(), states("released"))
		}
		removed := openCup(t, people...)
		putPrize(b.staff, removed, good).Want(t, 200)
		b.staff.Delete(cupPath(removed, "prize/")).Want(t, 200)
		if stock() != 1 || states("released") != 2 {
			t.Errorf("removed: %d in stock, %d released", stock(), states("released"))
		}

		won := openCup(t, people...)
		putPrize(b.staff, won, good).Want(t, 200)
		champion := playCup(t, won, people...)
		testkit.Until(t, "the champion has an order", func() bool { return prizedCupOf(t, champion, won).Prize.OrderID != nil })
		o := *prizedCupOf(t, champion, won).Prize.OrderID
		version := bookOf(t, champion, good).Version
		b.tell()
		step(b.staff, o, "cancel", M{"reason": "They don't want it."}).Want(t, 200)
		b.tell()
		if got := b.read(champion, o); stock() != 1 || got.Status != "cancelled" || got.Refund != nil || bookOf(t, champion, good).Version <= version {
			t.Errorf("cancelled: %d in stock, %+v", stock(), got)
		}
		if mails := subjects(t, s, emailOf(t, champion)); !slices.Equal(mails, []string{"Your prize is on order", "Your prize is called off"}) {
			t.Errorf("the champion has letters %v", mails)
		}
		unit := int64(count(t, s, "SELECT id FROM shop_prizes WHERE order_id = $1", o))
		if again, err := s.Prizes.Award(t.Context(), unit, champion.UserID); again != o || err != nil {
			t.Errorf("awarded again: %d, %v", again, err)
		}
		for what, err := range map[string]error{
			"a released one awarded":    second(s.Prizes.Award(t.Context(), unit-1, champion.UserID)),
			"an awarded one to another": second(s.Prizes.Award(t.Context(), unit, people[0].UserID+people[1].UserID)),
			"an awarded one released":   s.Prizes.Release(t.Context(), unit),
			"one that never was":        s.Prizes.Release(t.Context(), 999999),
		} {
			if !errors.Is(err, shop.ErrPrizeGone) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := s.Prizes.Release(t.Context(), unit-1); err != nil || stock() != 1 {
			t.Errorf("released again: %v, %d in stock", err, stock())
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

func second(_ int64, err error) error { return err }

func TestPrizesAreOff(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff := s.Staff()
		p, id := newShelf(t, staff).traded(), openCup(t, s.Person())
		putPrize(staff, id, p).WantCode(t, 409, "pong.prizes_off")
		staff.Delete(cupPath(id, "prize/")).WantCode(t, 409, "pong.prizes_off")
		if c := prizedCupOf(t, staff, id); c.May.Prize || c.Prize != nil {
			t.Errorf("the staff sees %+v", c)
		}
	})
}

// However many ask at once, a piece is kept once, becomes one order, and is not
// given back, too.
func TestPrizesUnderLoad(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh := newShelf(t, s.Staff())
		_, good := sh.good(50000, 3)
		ctx, winner := t.Context(), s.Person()
		atOnce := func(n int, do func(i int)) {
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() { do(i) })
			}
			all.Wait()
		}
		var mu sync.Mutex
		var units []int64
		atOnce(8, func(int) {
			kept, _, err := s.Prizes.Escrow(ctx, good)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				units = append(units, kept.ID)
			} else if !errors.Is(err, shop.ErrOutOfStock) {
				t.Error(err)
			}
		})
		if len(units) != 3 {
			t.Fatalf("%d of 3 are kept", len(units))
		}
		for _, unit := range units {
			orders, released := map[int64]bool{}, false
			atOnce(8, func(i int) {
				if i == 0 {
					err := s.Prizes.Release(ctx, unit)
					mu.Lock()
					defer mu.Unlock()
					if released = err == nil; !released && !errors.Is(err, shop.ErrPrizeGone) {
						t.Error(err)
					}
					return
				}
				id, err := s.Prizes.Award(ctx, unit, winner.UserID)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					orders[id] = true
				} else if !errors.Is(err, shop.ErrPrizeGone) {
					t.Error(err)
				}
			})
			if released == (len(orders) == 1) || len(orders) > 1 {
				t.Errorf("prize %d: released %t, orders %v", unit, released, orders)
			}
		}
		if n := count(t, s, "SELECT stock FROM products WHERE id = $1", good); n != count(t, s, "SELECT count(*) FROM shop_prizes WHERE state = 'released'") {
			t.Errorf("%d in stock", n)
		}
		// Two who swap theirs hold both books, crosswise.
		_, other := sh.good(60000, 50)
		_, third := sh.good(60000, 50)
		atOnce(4, func(i int) {
			for range 5 {
				from, to := other, third
				if i%2 == 0 {
					from, to = to, from
				}
				kept, _, err := s.Prizes.Escrow(ctx, from)
				if err == nil {
					err = s.DB.InTx(ctx, func(ctx context.Context) error {
						if err := s.Prizes.Release(ctx, kept.ID); err != nil {
							return err
						}
						_, _, err := s.Prizes.Escrow(ctx, to)
						return err
					})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
