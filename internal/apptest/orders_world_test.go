package apptest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

// What the scenarios of orders share.

// patient keeps people logged in while a scenario waits for deadlines.
func patient(more ...string) map[string]string {
	settings := map[string]string{"RALLY_ACCESS_TTL": "24h", "RALLY_SESSION_TTL": "8784h"}
	for i := 0; i < len(more); i += 2 {
		settings[more[i]] = more[i+1]
	}
	return settings
}

type parcel struct{ Carrier, Tracking string }

type moveOf struct {
	Action, Status, Actor, Note string
	At                          time.Time
}

// deal is an order as its page shows it.
type deal struct {
	paid

	Deadline      *time.Time
	DeadlineFor   *string `json:"deadline_for"`
	Overdue       bool
	Reason, Note  string
	Shipment      *parcel
	Delivery      *parcel
	Timeline      []moveOf
	Actions       []string
	WithdrawUntil *time.Time `json:"withdraw_until"`
	Offer         *struct {
		Price, Fee, Total, Difference *int64
		Until                         time.Time
	}
	Resolution              string
	ReplacedBy              *int64 `json:"replaced_by"`
	Replaces                *int64
	Refund, Penalty, Credit *int64
	Terms                   map[string]int64
	CreatedAt               time.Time `json:"created_at"`
}

// did returns the actions of the timeline.
func (d deal) did() string {
	var list []string
	for _, m := range d.Timeline {
		list = append(list, m.Actor+":"+m.Action)
	}
	return strings.Join(list, " ")
}

func orderPath(id int64, rest string) string { return fmt.Sprintf("/api/shop/orders/%d/%s", id, rest) }

// bazaar is a product with a seller, a buyer, the staff and a stranger.
type bazaar struct {
	t                               *testing.T
	s                               *apptest.Server
	staff, seller, buyer, bystander *apptest.Client
	sh                              shelf
	p                               int64
}

func newBazaar(t *testing.T, s *apptest.Server) bazaar {
	t.Helper()
	staff, people := s.Staff(), s.People(3)
	sh := newShelf(t, staff)
	return bazaar{t: t, s: s, staff: staff, seller: people[0], buyer: people[1], bystander: people[2], sh: sh, p: sh.traded()}
}

// later moves the clock, and keeps everybody logged in.
func (b bazaar) later(d time.Duration) {
	b.t.Helper()
	const day = 20 * time.Hour
	for ; d > day; d -= day {
		b.s.Clock.Advance(day)
		refresh(b.t, b.staff, b.seller, b.buyer, b.bystander)
	}
	b.s.Clock.Advance(d)
	refresh(b.t, b.staff, b.seller, b.buyer, b.bystander)
}

// job runs what the program runs every few seconds.
func (b bazaar) job() {
	b.t.Helper()
	if err := b.s.Shop.MeetDeadlines(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b bazaar) tell() {
	b.t.Helper()
	if err := b.s.Teller.TellOrders(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// step takes an order one step on.
func step(c *apptest.Client, id int64, action string, body M) apptest.Reply {
	if body == nil {
		body = M{}
	}
	return c.Post(orderPath(id, action+"/"), body)
}

func (b bazaar) read(c *apptest.Client, id int64) deal {
	b.t.Helper()
	return apptest.Into[deal](b.t, c.Get(orderPath(id, "")).Want(b.t, 200))
}

// matched makes an order: the seller asks, the buyer buys.
func (b bazaar) matched(price int64) int64 {
	b.t.Helper()
	ask(b.t, b.seller, b.p, price)
	return apptest.Into[deal](b.t, buy(b.buyer, b.p, M{"expected_price": price}).Want(b.t, 201)).ID
}

func sentWith(tracking string) M { return M{"carrier": "CJ대한통운", "tracking": tracking} }

// at makes an order and takes it on until it has a status.
func (b bazaar) at(status string, price int64) int64 {
	b.t.Helper()
	id := b.matched(price)
	b.lead(id, status)
	return id
}

// lead takes a matched order on until it has a status.
func (b bazaar) lead(id int64, status string) {
	b.t.Helper()
	if status == "matched" {
		return
	}
	if status == "cancelled" {
		step(b.staff, id, "cancel", M{"reason": "Called off."}).Want(b.t, 200)
		return
	}
	way := []struct {
		to, action string
		by         *apptest.Client
		body       M
	}{
		{"shipping", "ship", b.seller, sentWith("TRACK-IN")},
		{"inspecting", "receive", b.staff, nil},
		{"passed", "pass", b.staff, nil},
		{"delivering", "dispatch", b.staff, sentWith("TRACK-OUT")},
		{"settled", "confirm", b.buyer, nil},
	}
	if status == "failed" {
		way[2].to, way[2].action, way[2].body = "failed", "fail", M{"reason": "Glue marks."}
	}
	for _, w := range way {
		step(w.by, id, w.action, w.body).Want(b.t, 200)
		if w.to == status {
			return
		}
	}
	b.t.Fatalf("no way to %s", status)
}

// ledger returns what was posted for an order, as reason:debit>credit=amount.
func (b bazaar) ledger(id int64) string {
	b.t.Helper()
	type posting struct {
		Reason, Debit, Credit string
		Amount                int64
	}
	r := b.staff.Get(fmt.Sprintf("/api/admin/shop/orders/%d/", id)).Want(b.t, 200)
	var list []string
	for _, p := range apptest.Into[struct{ Ledger []posting }](b.t, r).Ledger {
		list = append(list, fmt.Sprintf("%s:%s>%s=%d", p.Reason, p.Debit, p.Credit, p.Amount))
	}
	return strings.Join(list, " ")
}

func (b bazaar) wantLedger(id int64, want ...string) {
	b.t.Helper()
	if got := b.ledger(id); got != strings.Join(want, " ") {
		b.t.Errorf("order %d posted\n%s, want\n%s", id, got, strings.Join(want, " "))
	}
}

// subjects returns the English subjects of what a person was mailed about
// trades, the oldest first.
func subjects(t *testing.T, s *apptest.Server, address string) []string {
	t.Helper()
	list, err := db.Select[string](t.Context(), s.DB, "SELECT subject FROM mail_outbox WHERE recipient = $1 AND body LIKE '%/my/orders/%' ORDER BY id", address)
	if err != nil {
		t.Fatal(err)
	}
	for i, subject := range list {
		_, list[i], _ = strings.Cut(subject, " · ")
	}
	return list
}

func wantActions(t *testing.T, what string, d deal, want ...string) {
	t.Helper()
	got := slices.Sorted(slices.Values(d.Actions))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s may %v, want %v", what, got, want)
	}
}
