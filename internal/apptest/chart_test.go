package apptest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/auth"
)

type chart struct {
	Product     int64
	Range, From string
	Points      []struct {
		At                       string
		Price, High, Low, Volume int64
	}
	RetailPrice *int64 `json:"retail_price"`
}

type stats struct {
	LastPrice  *int64 `json:"last_price"`
	Change     *int64
	ChangePct  *float64 `json:"change_pct"`
	High90     *int64   `json:"high_90d"`
	Low90      *int64   `json:"low_90d"`
	Average90  *int64   `json:"average_90d"`
	Volume90   int64    `json:"volume_90d"`
	Volatility *float64 `json:"volatility_90d"`
	Premium    *float64 `json:"premium_pct"`
	High       *int64   `json:"high_all"`
	Low        *int64   `json:"low_all"`
}

func share(p *float64) string {
	if p == nil {
		return "none"
	}
	return fmt.Sprint(*p)
}

func (s stats) text() string {
	return fmt.Sprint(num(s.LastPrice), " ", num(s.Change), " ", share(s.ChangePct), " | ", num(s.High90), " ", num(s.Low90), " ", num(s.Average90), " ", s.Volume90, " ",
		share(s.Volatility), " | ", share(s.Premium), " ", num(s.High), " ", num(s.Low))
}

func (c chart) text() string {
	text := ""
	for _, p := range c.Points {
		text += fmt.Sprint(p.At[5:], " ", p.Price, " ", p.High, " ", p.Low, " ", p.Volume, "; ")
	}
	return text
}

// trader trades by the use cases themselves, which need no login, so that years
// can pass.
type trader struct {
	t *testing.T
	s *apptest.Server
}

func (m trader) as(user int64) context.Context {
	return auth.With(m.t.Context(), auth.Identity{UserID: user, SessionID: 1})
}

// trade makes an order that is settled at once: its deadlines are another
// test's.
func (m trader) trade(p, price int64) {
	m.t.Helper()
	execute(m.t, m.s, "UPDATE orders SET status = 'settled', deadline = NULL WHERE id = $1", m.match(p, price))
}

func (m trader) match(p, price int64) int64 {
	m.t.Helper()
	if _, err := m.s.Shop.PlaceBid(m.as(9001), shop.NewBid{ProductID: p, Side: shop.Sales, Price: price, Confirm: true}); err != nil {
		m.t.Fatal(err)
	}
	o, err := m.s.Shop.Trade(m.as(9002), shop.TradeNow{ProductID: p, Side: shop.Purchase, Expected: &price})
	if err != nil {
		m.t.Fatal(err)
	}
	return o.Row.ID
}

func (m trader) chart(p int64, span string) chart {
	m.t.Helper()
	return apptest.Into[chart](m.t, m.s.Anonymous().Get(product(p, "chart/?range="+span)).Want(m.t, 200))
}

func (m trader) stats(p int64) stats {
	m.t.Helper()
	return apptest.Into[stats](m.t, m.s.Anonymous().Get(product(p, "stats/")).Want(m.t, 200))
}

// untilSeoul moves the clock to a time of the next day in Seoul.
func (m trader) untilSeoul(hour int) {
	now := m.s.Clock.Now().Add(9 * time.Hour)
	m.s.Clock.Advance(now.Truncate(24 * time.Hour).Add(24*time.Hour + time.Duration(hour)*time.Hour).Sub(now))
}

func TestChartsAndFiguresByHand(t *testing.T) {
	apptest.Each(t, patient("RALLY_SHOP_NEW_SELLER_CAP", "100000"), func(t *testing.T, s *apptest.Server) {
		sh, m := newShelf(t, s.Staff()), trader{t, s}
		info := sh.info(M{"retail_price": 100000, "tick": 100})
		p, q := sh.size(info, "260"), sh.size(info, "270")
		all := sh.all(info)
		if c, st := m.chart(p, ""), m.stats(p); len(c.Points) != 0 || c.Range != "3m" || num(c.RetailPrice) != "100000" || st.text() != "none none none | none none none 0 none | none none none" {
			t.Errorf("before any trade: %+v, %s", c, st.text())
		}
		day := func() string { return shop.MarketDay(s.Clock.Now())[5:] }
		m.untilSeoul(0) // midnight in Seoul is three in the afternoon in UTC
		one := day()
		m.trade(p, 100000)
		m.trade(p, 120000)
		m.trade(p, 110000)
		s.Clock.Advance(24*time.Hour - time.Microsecond)
		called := m.match(p, 104000)
		s.Clock.Advance(time.Microsecond)
		two := day()
		m.trade(q, 90000)
		m.trade(p, 121000)
		s.Clock.Advance(24 * time.Hour)
		three := day()
		m.trade(p, 108900)

		want := func(when string, p int64, points, figures string) {
			t.Helper()
			if got := m.chart(p, "1m").text(); got != points {
				t.Errorf("%s the chart is %s, want %s", when, got, points)
			}
			if got := m.stats(p).text(); got != figures {
				t.Errorf("%s the figures are %s, want %s", when, got, figures)
			}
		}
		rest := fmt.Sprintf("%s 121000 121000 121000 1; %s 108900 108900 108900 1; ", two, three)
		// Returns ln(121000/104000) and ln(108900/121000), 15.1 and −10.5 percent:
		// their sample deviation is 18.1.
		want("at first", p, one+" 104000 120000 100000 4; "+rest, "108900 -12100 -10 | 121000 100000 110650 6 18.2 | 8.9 121000 100000")
		cancelled, err := s.Shop.CancelOrder(auth.With(t.Context(), auth.Identity{UserID: sh.staff.UserID, SessionID: 1, Staff: true}), called, "Called off.")
		if err != nil || cancelled.Row.Status != "cancelled" {
			t.Fatal(err)
		}
		// ln 1.1 and ln 0.9: 9.53 and −10.54, their sample deviation is 14.19.
		want("once a trade is called off", p, one+" 110000 120000 100000 3; "+rest, "108900 -12100 -10 | 121000 100000 111980 5 14.2 | 8.9 121000 100000")
		allRest := fmt.Sprintf("%s 121000 121000 90000 2; %s 108900 108900 108900 1; ", two, three)
		want("of all sizes", all, one+" 110000 120000 100000 3; "+allRest, "108900 -12100 -10 | 121000 90000 108317 6 14.2 | 8.9 121000 90000")
		want("of the other size", q, two+" 90000 90000 90000 1; ", "90000 none none | 90000 90000 90000 1 none | -10 90000 90000")

		// After 90 days only what is of all time stays, beside the last trade.
		s.Clock.Advance(89 * 24 * time.Hour)
		if got := m.stats(p).text(); got != "108900 -12100 -10 | 108900 108900 108900 1 none | 8.9 121000 100000" {
			t.Errorf("on the last of 90 days: %s", got)
		}
		s.Clock.Advance(24 * time.Hour)
		if got := m.stats(p).text(); got != "108900 -12100 -10 | none none none 0 none | 8.9 121000 100000" {
			t.Errorf("after 90 days: %s", got)
		}
		for span, points := range map[string]int{"1m": 0, "6m": 3, "1y": 3, "all": 3} {
			if c := m.chart(p, span); len(c.Points) != points || c.Range != span {
				t.Errorf("%s has %d points, want %d", span, len(c.Points), points)
			}
		}
		if c := m.chart(p, "all"); c.From[5:] != one {
			t.Errorf("all begins on %s, want %s", c.From, one)
		}
		anyone := s.Anonymous()
		wantField(t, anyone.Get(product(p, "chart/?range=2d")), "range")
		for _, rest := range []string{"chart/", "stats/"} {
			anyone.Get(product(999999, rest)).WantCode(t, 404, "shop.product_not_found")
		}
		// The last trade that is called off leaves the one before.
		last := m.match(p, 130000)
		if _, err := s.Shop.CancelOrder(auth.With(t.Context(), auth.Identity{UserID: sh.staff.UserID, SessionID: 1, Staff: true}), last, "Called off."); err != nil {
			t.Fatal(err)
		}
		if got := m.stats(p).text(); got != "108900 -12100 -10 | none none none 0 none | 8.9 121000 100000" {
			t.Errorf("after a trade that nobody paid: %s", got)
		}
	})
}

// A chart of years has 200 points at most, and none of its closes, highs or
// pieces is made up or lost.
func TestLongChartsAreMerged(t *testing.T) {
	apptest.Each(t, patient("RALLY_SHOP_NEW_SELLER_CAP", "100000"), func(t *testing.T, s *apptest.Server) {
		sh, m := newShelf(t, s.Staff()), trader{t, s}
		p := sh.traded()
		const days = 230
		for i := range days {
			m.trade(p, 100000+int64(i%7)*1000)
			s.Clock.Advance(24 * time.Hour)
		}
		c := m.chart(p, "1y")
		if len(c.Points) > 200 || len(c.Points) < 100 {
			t.Errorf("%d points", len(c.Points))
		}
		var volume, high int64
		before := ""
		for _, point := range c.Points {
			volume += point.Volume
			high = max(high, point.High)
			if point.At <= before || point.Price < point.Low || point.Price > point.High {
				t.Errorf("%+v after %s", point, before)
			}
			before = point.At
		}
		lastDay := shop.MarketDay(s.Clock.Now().Add(-24 * time.Hour))
		if volume != days || high != 106000 || before != lastDay || c.Points[len(c.Points)-1].Price != 100000+(days-1)%7*1000 {
			t.Errorf("%d pieces, at most %d, up to %s (%s): %+v", volume, high, before, lastDay, c.Points[len(c.Points)-1])
		}
		if n := len(m.chart(p, "1m").Points); n < 28 || n > 31 {
			t.Errorf("a month has %d points", n)
		}
	})
}
