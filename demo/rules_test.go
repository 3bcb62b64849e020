package demo_test

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rally/demo"
	"rally/modules/shop"
	"rally/platform/blob"
)

const tick = 1000

func checkPeople(t *testing.T, f *fakes, world demo.World) {
	t.Helper()
	form := regexp.MustCompile(`^[a-z0-9_]{2,15}$`)
	seen := map[string]bool{}
	for _, u := range f.users {
		if !form.MatchString(u.ProfileName) || seen[u.ProfileName] || u.Email != u.ProfileName+"@rally.test" {
			t.Errorf("profile name %q with %q", u.ProfileName, u.Email)
		}
		seen[u.ProfileName] = true
		if u.ShoeSize < 220 || u.ShoeSize > 300 || u.ShoeSize%5 != 0 {
			t.Errorf("%s wears %d", u.ProfileName, u.ShoeSize)
		}
		if n := utf8.RuneCountInString(u.UserName); n < 2 || n > 30 || utf8.RuneCountInString(u.Introduction) > 100 || strings.ContainsAny(u.Introduction, "{}") {
			t.Errorf("%s is %q: %q", u.ProfileName, u.UserName, u.Introduction)
		}
		if _, drawn := f.pictures[u.Image]; !drawn {
			t.Errorf("%s has no picture", u.ProfileName)
		}
		if u.CreatedAt.After(now()) || u.CreatedAt.Before(now().AddDate(-1, 0, -1)) || u.Password != world.Logins[0].Password {
			t.Errorf("%s came %s", u.ProfileName, u.CreatedAt)
		}
	}
}

func checkCatalogue(t *testing.T, f *fakes) {
	t.Helper()
	c := f.catalogue
	names, numbers, pictures, sizes := map[string]bool{}, map[string]bool{}, map[int]int{}, map[int][]string{}
	for _, m := range c.Images {
		pictures[m.Info]++
		if size := f.sizes[m.BlobKey]; size != [2]int{m.Width, m.Height} || m.Width == 0 {
			t.Errorf("picture %s is %v, not %d × %d", m.BlobKey, size, m.Width, m.Height)
		}
		if !strings.HasPrefix(blob.URL(m.BlobKey), "/media/demo/") {
			t.Errorf("picture at %s", m.BlobKey)
		}
	}
	stores := 0
	for _, p := range c.Products {
		sizes[p.Info] = append(sizes[p.Info], p.Size)
		store := c.Infos[p.Info].DeliveryTag == shop.DeliveryBrand
		if (p.PurchasePrice != nil) != (p.Stock != nil) || (p.Stock != nil && !store) {
			t.Errorf("size %s of %s: price %v, stock %v", p.Size, c.Infos[p.Info].EngName, p.PurchasePrice, p.Stock)
		}
		if p.PurchasePrice != nil && *p.PurchasePrice%tick != 0 {
			t.Errorf("store price %d", *p.PurchasePrice)
		}
	}
	for i, info := range c.Infos {
		if names[info.EngName] || numbers[info.ModelNumber] {
			t.Errorf("two articles are %s, %s", info.EngName, info.ModelNumber)
		}
		names[info.EngName], numbers[info.ModelNumber] = true, true
		if info.DeliveryTag == shop.DeliveryBrand {
			stores++
		}
		released, err := time.Parse(time.DateOnly, info.ReleaseDate)
		if err != nil || released.After(now()) || released.Before(now().AddDate(0, -15, 0)) || info.CreatedAt.After(now()) || info.Colorway == "" || info.Tick != tick {
			t.Errorf("article %+v", info)
		}
		if i > 0 && info.CreatedAt.Before(c.Infos[i-1].CreatedAt) {
			t.Error("the articles are not in the order of time")
		}
		if pictures[i] < 2 {
			t.Errorf("%s has %d pictures", info.EngName, pictures[i])
		}
		own := sizes[i]
		sorted := slices.IsSortedFunc(own, func(a, b string) int { return cmp.Compare(shop.SizePosition(a), shop.SizePosition(b)) })
		if len(own) == 0 || own[0] != shop.AllSizes || !sorted {
			t.Errorf("%s has the sizes %v", info.EngName, own)
		}
		if n := len(own) - 1; info.Category == "shoes" && (n < 12 || n > 17) || info.Category == "clothes" && (n < 5 || n > 6) || info.Category != "shoes" && info.Category != "clothes" && n != 0 {
			t.Errorf("%s has %d sizes", info.EngName, n)
		}
	}
	if len(c.Infos) == 60 {
		count := map[string]int{}
		for _, info := range c.Infos {
			count[info.Category]++
		}
		if count["shoes"] != 26 || count["clothes"] != 12 || count["fashion"] != 9 || count["life"] != 7 || count["tech"] != 6 || stores != 8 {
			t.Errorf("categories %v, %d store goods", count, stores)
		}
	}
}

// traded returns the products that people trade, by id, with their article.
func (f *fakes) traded() map[int64]int {
	sizes := map[int]int{}
	for _, p := range f.catalogue.Products {
		sizes[p.Info]++
	}
	traded := map[int64]int{}
	for _, p := range f.catalogue.Products {
		if f.catalogue.Infos[p.Info].DeliveryTag == shop.DeliveryImmediate && (p.Size != shop.AllSizes || sizes[p.Info] == 1) {
			traded[p.ID] = p.Info
		}
	}
	return traded
}

func (f *fakes) person(t *testing.T, id int64) time.Time {
	t.Helper()
	i := int(id-userID(0)) / 3
	if i < 0 || i >= len(f.users) || userID(i) != id {
		t.Fatalf("nobody has the id %d", id)
	}
	return f.users[i].CreatedAt
}

func checkTrades(t *testing.T, f *fakes) {
	t.Helper()
	traded := f.traded()
	takers, statuses := map[shop.Side]int{}, map[string]int{}
	var before time.Time
	for _, trade := range f.market.Trades {
		o, b := trade.Order, trade.Bid
		info, ok := traded[o.ProductID]
		if !ok || o.InfoID != f.catalogue.Infos[info].ID || b.ProductID != o.ProductID || o.Kind != shop.KindTrans {
			t.Fatalf("a trade of a product that isn't traded: %+v", o)
		}
		resting := o.BuyerID
		if o.TakerSide == shop.Purchase {
			resting = *o.SellerID
		}
		if o.BuyerID == *o.SellerID || b.UserID != resting || b.Side != o.TakerSide.Opposite() || b.Price != o.Price || o.Price < tick || o.Price%tick != 0 {
			t.Errorf("order %+v of bid %+v", o, b)
		}
		if o.CreatedAt.Before(now().AddDate(0, 0, -90)) || !o.CreatedAt.Before(now()) || !b.CreatedAt.Before(o.CreatedAt) || !b.ExpiresAt.After(o.CreatedAt) {
			t.Errorf("order at %s of a bid at %s until %s", o.CreatedAt, b.CreatedAt, b.ExpiresAt)
		}
		if o.CreatedAt.Before(f.catalogue.Infos[info].CreatedAt) || o.CreatedAt.Before(f.person(t, o.BuyerID)) || o.CreatedAt.Before(f.person(t, *o.SellerID)) {
			t.Errorf("order at %s, before its article or its people were there", o.CreatedAt)
		}
		if o.CreatedAt.Before(before) {
			t.Errorf("order at %s, after %s", o.CreatedAt, before)
		}
		before = o.CreatedAt
		checkSteps(t, trade)
		statuses[o.Status]++
		takers[o.TakerSide]++
	}
	if n := len(f.market.Trades); n > 500 && (takers[shop.Purchase] < n/4 || takers[shop.Sales] < n/4) {
		t.Errorf("takers are %v", takers)
	}
	for _, status := range append(shop.UnderWay(), shop.OrderSettled) {
		if len(f.market.Trades) > 500 && statuses[status] == 0 {
			t.Errorf("no order is %s", status)
		}
	}
}

// checkSteps holds an order against its steps: each follows the one before
// within its deadline, and the last is where it stands.
func checkSteps(t *testing.T, trade shop.ImportedTrade) {
	t.Helper()
	o := trade.Order
	status, at := shop.OrderMatched, o.CreatedAt
	for _, s := range trade.Steps {
		next, err := shop.Order{Kind: o.Kind, Status: status, CreatedAt: o.CreatedAt}.StepFor(s.Action, s.Actor, s.CreatedAt)
		if err != nil || next != s.Status || !s.CreatedAt.After(at) || s.CreatedAt.After(now()) || s.ActorID == nil {
			t.Fatalf("order at %s, %s since %s: step %+v, %v", o.CreatedAt, status, at, s, err)
		}
		status, at = s.Status, s.CreatedAt
	}
	if o.Status != status || !o.StatusAt.Equal(at) {
		t.Errorf("order at %s is %s since %s, its steps say %s since %s", o.CreatedAt, o.Status, o.StatusAt, status, at)
	}
	if late := now().Sub(at); status == shop.OrderMatched && late > shop.ShipWithin || status == shop.OrderInspecting && late > shop.InspectWithin || status == shop.OrderDelivering && late > shop.ConfirmWithin {
		t.Errorf("order at %s is %s for %s", o.CreatedAt, status, late)
	}
}

func checkOpenBids(t *testing.T, f *fakes) {
	t.Helper()
	traded := f.traded()
	last := map[int64]int64{}
	for _, trade := range f.market.Trades {
		last[trade.Order.ProductID] = trade.Order.Price
	}
	best := map[shop.Side]map[int64]int64{shop.Sales: {}, shop.Purchase: {}}
	for _, b := range f.market.Bids {
		if _, ok := traded[b.ProductID]; !ok || b.Price < tick || b.Price%tick != 0 || !b.CreatedAt.Before(now()) || b.CreatedAt.Before(f.person(t, b.UserID)) {
			t.Errorf("bid %+v", b)
		}
		if left := b.ExpiresAt.Sub(now()); left < 24*time.Hour || left > 60*24*time.Hour {
			t.Errorf("a bid ends in %s", left)
		}
		if l := last[b.ProductID]; l > 0 && (10*b.Price > 13*l || 10*b.Price < 7*l) {
			t.Errorf("a bid of %d stands too far from the last trade, %d", b.Price, l)
		}
		old, ok := best[b.Side][b.ProductID]
		if !ok || shop.Crosses(b.Side, b.Price, &old) {
			best[b.Side][b.ProductID] = b.Price
		}
	}
	for product, ask := range best[shop.Sales] {
		if bid, ok := best[shop.Purchase][product]; ok && ask-bid < tick {
			t.Errorf("the book of %d is crossed: bid %d, ask %d", product, bid, ask)
		}
	}
}

// checkHistory replays each book: whoever traded took the best bid of the
// moment, and no bid was placed across the book.
func checkHistory(t *testing.T, f *fakes) {
	t.Helper()
	byProduct := map[int64][]shop.Bid{}
	for _, trade := range f.market.Trades {
		b := trade.Bid
		b.ClosedAt = &trade.Order.CreatedAt
		byProduct[b.ProductID] = append(byProduct[b.ProductID], b)
	}
	for _, b := range f.market.Bids {
		byProduct[b.ProductID] = append(byProduct[b.ProductID], b)
	}
	for product, bids := range byProduct {
		slices.SortFunc(bids, func(a, b shop.Bid) int { return cmp.Compare(a.Priority, b.Priority) })
		for i, b := range bids {
			if b.Priority < 1 || i > 0 && (bids[i-1].Priority == b.Priority || !bids[i-1].CreatedAt.Before(b.CreatedAt)) {
				t.Errorf("product %d: priority %d at %s after %d at %s", product, b.Priority, b.CreatedAt, bids[max(i-1, 0)].Priority, bids[max(i-1, 0)].CreatedAt)
			}
			for _, other := range bids {
				placed := other.CreatedAt.Before(b.CreatedAt) && (other.ClosedAt == nil || other.ClosedAt.After(b.CreatedAt)) && other.ExpiresAt.After(b.CreatedAt)
				if placed && other.Side != b.Side && shop.Crosses(b.Side, b.Price, &other.Price) {
					t.Errorf("product %d: %s at %d was placed across %d", product, b.Side, b.Price, other.Price)
				}
				if b.ClosedAt == nil || other.Side != b.Side || other.Priority == b.Priority {
					continue
				}
				there := other.CreatedAt.Before(*b.ClosedAt) && (other.ClosedAt == nil || other.ClosedAt.After(*b.ClosedAt)) && other.ExpiresAt.After(*b.ClosedAt)
				if there && shop.Before(other, b) < 0 {
					t.Errorf("product %d: %s at %d was taken before %d", product, b.Side, b.Price, other.Price)
				}
			}
		}
	}
}

func checkWishes(t *testing.T, f *fakes) {
	t.Helper()
	products := map[int64]int{}
	for _, p := range f.catalogue.Products {
		products[p.ID] = p.Info
	}
	type key struct{ user, product int64 }
	seen := map[key]bool{}
	for _, w := range f.market.Wishes {
		info, ok := products[w.ProductID]
		if !ok || seen[key{w.UserID, w.ProductID}] {
			t.Errorf("wish %+v", w)
		}
		seen[key{w.UserID, w.ProductID}] = true
		if w.CreatedAt.After(now()) || w.CreatedAt.Before(f.person(t, w.UserID)) || w.CreatedAt.Before(f.catalogue.Infos[info].CreatedAt) {
			t.Errorf("a wish at %s", w.CreatedAt)
		}
		if w.TargetPrice != nil && (*w.TargetPrice < tick || *w.TargetPrice%tick != 0) {
			t.Errorf("a wish at the price %d", *w.TargetPrice)
		}
	}
}

func checkLogins(t *testing.T, f *fakes, world demo.World) {
	t.Helper()
	if len(world.Logins) != 3 {
		t.Fatalf("the logins are %+v", world.Logins)
	}
	for i, role := range []string{"shopper", "seller", "admin"} {
		l, u := world.Logins[i], f.users[i]
		if l.Role != role || l.Email != role+"@rally.test" || l.Password != "rally-demo-2026" || u.Email != l.Email || u.Password != l.Password || u.Staff != (role == "admin") {
			t.Errorf("login %+v of %+v", l, u)
		}
	}
	shopper, seller, admin := userID(0), userID(1), userID(2)
	bought, sold, wished := 0, 0, 0
	for _, trade := range f.market.Trades {
		o := trade.Order
		switch {
		case o.BuyerID == shopper:
			bought++
		case *o.SellerID == seller:
			sold++
		}
		if *o.SellerID == shopper || o.BuyerID == seller || o.BuyerID == admin || *o.SellerID == admin {
			t.Errorf("a login has the order %+v", o)
		}
	}
	offers := map[int64]map[shop.Side]int{shopper: {}, seller: {}, admin: {}}
	for _, b := range f.market.Bids {
		if own, ok := offers[b.UserID]; ok {
			own[b.Side]++
		}
	}
	for _, w := range f.market.Wishes {
		if w.UserID == shopper {
			wished++
		}
	}
	if bought != 7 || wished != 6 || offers[shopper][shop.Purchase] != 2 || offers[shopper][shop.Sales] != 0 {
		t.Errorf("shopper bought %d, wishes %d, offers %v", bought, wished, offers[shopper])
	}
	if sold != 9 || offers[seller][shop.Sales] != 6 || offers[seller][shop.Purchase] != 0 || len(offers[admin]) != 0 {
		t.Errorf("seller sold %s, offers %v", strconv.Itoa(sold), offers[seller])
	}
}

// checkTies: whoever is tied to somebody was there, and the logins can still get
// to know each other.
func checkTies(t *testing.T, f *fakes) {
	t.Helper()
	created := map[int64]time.Time{}
	for i, u := range f.users {
		created[userID(i)] = u.CreatedAt
	}
	login := func(id int64) bool { return id < userID(3) }
	check := func(a, b int64, at time.Time) {
		if at.Before(created[a]) || at.Before(created[b]) || at.After(now()) {
			t.Errorf("%d and %d met at %v", a, b, at)
		}
		if login(a) && login(b) {
			t.Errorf("the logins %d and %d are tied", a, b)
		}
	}
	for _, tie := range f.ties.Friendships {
		check(tie.A, tie.B, tie.Since)
	}
	for _, r := range f.ties.Requests {
		check(r.From, r.To, r.CreatedAt)
	}
	for id, at := range f.ties.LastSeen {
		if at.Before(created[id]) || at.After(now()) {
			t.Errorf("%d was last seen at %v", id, at)
		}
	}
	if len(f.ties.LastSeen) != len(f.users) || len(f.ties.Friendships) < len(f.users) {
		t.Errorf("%d people have %d friendships, and %d of them were seen", len(f.users), len(f.ties.Friendships), len(f.ties.LastSeen))
	}
}

// checkNews: everything lies in the past, and some of it is still unread.
func checkNews(t *testing.T, f *fakes) {
	t.Helper()
	if len(f.past.Events) == 0 || !f.past.ReadBefore.Before(now()) || len(f.past.Readers) != 3 {
		t.Errorf("%d events, read before %v by %v", len(f.past.Events), f.past.ReadBefore, f.past.Readers)
	}
	for _, e := range f.past.Events {
		if e.At.After(now()) || e.At.Before(now().AddDate(0, 0, -22)) {
			t.Errorf("%T at %v", e.Event, e.At)
		}
	}
}
