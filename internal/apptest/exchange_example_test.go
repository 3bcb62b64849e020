package apptest_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"rally/internal/apptest"
)

// The worked example of docs/exchange.md, step by step: whoever changes an
// amount there changes it here.
func TestTheWorkedExample(t *testing.T) {
	for name, ending := range map[string]func(*workedExample, *testing.T){
		"the usual way": (*workedExample).usual, "not shipped": (*workedExample).notShipped, "failed": (*workedExample).failed,
	} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, map[string]string{"RALLY_ACCESS_TTL": "24h"}, func(t *testing.T, s *apptest.Server) {
				x := newExample(t, s)
				ending(x, t)
				apptest.WantConsistent(t, s.DB, s.Clock.Now())
			})
		})
	}
}

type workedExample struct {
	s                    *apptest.Server
	staff, ann, ben, dan *apptest.Client
	product              int64
	order                int64
}

type billed struct {
	ID         int64
	Price, Fee int64
	Total      *int64
	Payout     *int64
	Status     string
	Refund     *int64
	Penalty    *int64
	Credit     *int64
	ReplacedBy *int64 `json:"replaced_by"`
	Offer      *struct{ Price, Fee, Total, Difference *int64 }
	Ledger     []struct {
		Reason, Debit, Credit string
		Amount                int64
	}
}

func newExample(t *testing.T, s *apptest.Server) *workedExample {
	t.Helper()
	people := s.People(5)
	x := &workedExample{s: s, staff: s.Staff(), ann: people[0], ben: people[1], dan: people[3]}
	cho, eve := people[2], people[4]
	x.product = newArticle(t, x.staff, "immediate", "260").Sizes["260"]
	// The last trade, at 128,000.
	eve.Post(product(x.product, "bids/?type=sales"), M{"price": 128_000}).Want(t, 201)
	cho.Post(product(x.product, "transorders/?type=purchase"), M{}).Want(t, 201)

	asked := apptest.Into[billed](t, x.ann.Post(product(x.product, "bids/?type=sales"), M{"price": 131_000}).Want(t, 201))
	if *asked.Payout != 127_070 {
		t.Errorf("Ann is shown a payout of %d", *asked.Payout)
	}
	x.ben.Post(product(x.product, "bids/?type=sales"), M{"price": 133_000}).Want(t, 201)
	cho.Post(product(x.product, "bids/?type=purchase"), M{"price": 124_000}).Want(t, 201)

	crossed := x.dan.Post(product(x.product, "bids/?type=purchase"), M{"price": 131_000})
	if crossed.Want(t, 400).Code() != "shop.bid_crosses_book" || apptest.Into[struct{ Price int64 }](t, crossed).Price != 131_000 {
		t.Errorf("a bid at the ask: %s", crossed.Body)
	}
	if r := eve.Post(product(x.product, "bids/?type=sales"), M{"price": 170_000}).Want(t, 409); r.Code() != "shop.price_needs_confirmation" {
		t.Errorf("32.8 %% above: %s", r.Body)
	}
	eve.Post(product(x.product, "bids/?type=sales"), M{"price": 170_000, "confirm": true}).Want(t, 201)
	if r := eve.Post(product(x.product, "bids/?type=purchase"), M{"price": 25_000, "confirm": true}).Want(t, 400); r.Code() != "shop.price_out_of_band" {
		t.Errorf("below a fifth: %s", r.Body)
	}

	quote := apptest.Into[billed](t, x.dan.Get(product(x.product, "quote/?type=purchase")).Want(t, 200))
	if quote.Price != 131_000 || quote.Fee != 1_965 || *quote.Total != 132_965 {
		t.Errorf("the quote: %+v", quote)
	}
	bought := apptest.Into[billed](t, x.dan.Post(product(x.product, "transorders/?type=purchase"), M{"expected_price": 131_000, "expected_fee": 1_965}).Want(t, 201))
	if bought.Price != 131_000 || *bought.Total != 132_965 || bought.Status != "matched" {
		t.Errorf("the order: %+v", bought)
	}
	x.order = bought.ID
	x.posted(t, "charge buyer→escrow 132965")
	return x
}

// posted compares the order's ledger.
func (x *workedExample) posted(t *testing.T, want ...string) {
	t.Helper()
	got := apptest.Into[billed](t, x.staff.Get(fmt.Sprintf("/api/admin/shop/orders/%d/", x.order)).Want(t, 200)).Ledger
	var lines []string
	for _, p := range got {
		lines = append(lines, fmt.Sprintf("%s %s→%s %d", p.Reason, p.Debit, p.Credit, p.Amount))
	}
	if fmt.Sprint(lines) != fmt.Sprint(want) {
		t.Errorf("posted %q, want %q", lines, want)
	}
}

func (x *workedExample) do(t *testing.T, who *apptest.Client, action string, body M) billed {
	t.Helper()
	return apptest.Into[billed](t, who.Post(fmt.Sprintf("/api/shop/orders/%d/%s/", x.order, action), body).Want(t, http.StatusOK))
}

func (x *workedExample) usual(t *testing.T) {
	x.do(t, x.ann, "ship", M{"carrier": "CJ대한통운", "tracking": "6890-1234-5678"})
	x.do(t, x.staff, "receive", M{})
	x.do(t, x.staff, "pass", M{})
	x.do(t, x.staff, "dispatch", M{"carrier": "한진택배", "tracking": "5511-0000-1111"})
	if got := x.do(t, x.dan, "confirm", M{}); got.Status != "settled" {
		t.Errorf("confirmed: %+v", got)
	}
	x.posted(t, "charge buyer→escrow 132965", "payout escrow→seller 127070", "fee escrow→fees 5895")
}

func (x *workedExample) notShipped(t *testing.T) {
	x.s.Clock.Advance(48*time.Hour + time.Second)
	if err := x.s.Shop.MeetDeadlines(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*apptest.Client{x.dan, x.ann, x.staff} {
		c.Post("/api/accounts/token/refresh/", M{}).Want(t, http.StatusOK)
	}
	got := apptest.Into[billed](t, x.dan.Get(fmt.Sprintf("/api/shop/orders/%d/", x.order)).Want(t, 200))
	if got.Status != "cancelled" || *got.Refund != 132_965 || *got.Credit != 6_550 {
		t.Errorf("Dan sees %+v", got)
	}
	if hers := apptest.Into[billed](t, x.ann.Get(fmt.Sprintf("/api/shop/orders/%d/", x.order)).Want(t, 200)); *hers.Penalty != 13_100 {
		t.Errorf("Ann sees %+v", hers)
	}
	x.posted(t, "charge buyer→escrow 132965", "refund escrow→buyer 132965", "penalty seller→penalties 13100", "credit penalties→buyer 6550")
}

func (x *workedExample) failed(t *testing.T) {
	x.do(t, x.ann, "ship", M{"carrier": "CJ대한통운", "tracking": "6890-1234-5678"})
	x.do(t, x.staff, "receive", M{})
	x.do(t, x.staff, "fail", M{"reason": "Glue marks on the left sole."})
	x.posted(t, "charge buyer→escrow 132965", "penalty seller→penalties 19650", "credit penalties→buyer 9825")
	offer := apptest.Into[billed](t, x.dan.Get(fmt.Sprintf("/api/shop/orders/%d/", x.order)).Want(t, 200)).Offer
	if offer == nil || *offer.Price != 133_000 || *offer.Fee != 1_995 || *offer.Total != 134_995 || *offer.Difference != 2_030 {
		t.Fatalf("the offer: %+v", offer)
	}
	replacement := x.do(t, x.dan, "rebuy", M{"expected_price": 133_000})
	x.posted(t, "charge buyer→escrow 132965", "penalty seller→penalties 19650", "credit penalties→buyer 9825", "refund escrow→buyer 132965")
	x.order = replacement.ID
	x.posted(t, "charge buyer→escrow 134995")
}
