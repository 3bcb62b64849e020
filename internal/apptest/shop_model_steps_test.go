package apptest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/fault"
)

func asJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// orderPage is an order as one person is shown it.
type orderPage struct {
	ID                                     int64
	Kind, Type, Status, Reason, Note       string
	Buyer, Seller                          *int64
	Product, Price, Fee                    int64
	Total, Payout, Refund, Penalty, Credit *int64
	Deadline                               *time.Time
	DeadlineFor                            *string `json:"deadline_for"`
	Overdue                                bool
	Shipment, Delivery                     *struct{ Carrier, Tracking string }
	Timeline                               []pageStep
	Actions                                []string
	WithdrawUntil                          *time.Time `json:"withdraw_until"`
	Offer                                  *pageOffer
	Resolution                             string
	Replaces                               *int64
	ReplacedBy                             *int64 `json:"replaced_by"`
	Terms                                  struct {
		Buyer   int64 `json:"buyer_bps"`
		Seller  int64 `json:"seller_bps"`
		Penalty int64 `json:"penalty_bps"`
		Fail    int64 `json:"fail_penalty_bps"`
		Credit  int64 `json:"credit_bps"`
	}
}

type pageStep struct {
	Action, Status, Actor, Note string
	At                          time.Time
}

type pageOffer struct {
	Price, Fee, Total, Difference *int64
	Until                         time.Time
}

const testCarrier = "CJ대한통운"

// page is what the model shows a person of an order.
func (st *storm) page(o *modelOrder, p *apptest.Client) orderPage {
	now, staff := st.s.Clock.Now(), st.isStaff(p)
	who := o.partOf(p.UserID, staff)
	some := func(n int64) *int64 {
		if n == 0 {
			return nil
		}
		return &n
	}
	page := orderPage{
		ID: o.id, Kind: shop.KindTrans, Type: string(o.taker), Status: o.status, Reason: o.reason, Note: o.note, Product: o.product, Price: o.price,
		Fee: o.total() - o.price, Deadline: o.deadline, Overdue: o.deadline != nil && o.deadline.Before(now), Actions: st.m.allowed(o, p.UserID, staff, now),
	}
	if o.seller == 0 {
		page.Kind = shop.KindStore
	}
	if o.prize() {
		page.Kind = shop.KindPrize
	}
	switch who {
	case "buyer":
		page.Type = "purchase"
	case "seller":
		page.Type = "sales"
	}
	if page.Type == "sales" {
		page.Fee = o.price - o.payout()
	}
	if from := o.dueFrom(); from != "" {
		page.DeadlineFor = &from
	}
	whole, credit := o.penalty()
	if page.Type == "purchase" || staff {
		total := o.total()
		page.Buyer, page.Total, page.Credit = &o.buyer, &total, some(credit)
		page.Resolution, page.Replaces, page.ReplacedBy = o.resolution, some(o.replaces), some(o.replacedBy)
		if o.status == "cancelled" || o.resolution == "refunded" {
			page.Refund = some(total)
		}
		page.Delivery = parcelOf(o.delivery)
	}
	if page.Type == "sales" || staff {
		payout := o.payout()
		page.Seller, page.Payout, page.Penalty, page.Shipment = some(o.seller), &payout, some(whole), parcelOf(o.shipment)
	}
	actor := map[shop.Side]string{shop.Purchase: "buyer", shop.Sales: "seller"}[o.taker]
	page.Timeline = []pageStep{{Action: "match", Status: "matched", Actor: actor, At: o.made}}
	if o.prize() {
		page.Timeline[0].Action, page.Timeline[0].Actor = "award", "system"
	}
	for _, s := range o.steps {
		if who == "seller" && !staff && s.status == "failed" && s.action != "fail" {
			continue // what the buyer made of it
		}
		page.Timeline = append(page.Timeline, pageStep{Action: s.action, Status: s.status, Actor: s.actor, Note: s.note, At: s.at})
	}
	if slices.Contains(page.Actions, "withdraw") {
		until := o.made.Add(15 * time.Minute)
		page.WithdrawUntil = &until
	}
	if slices.Contains(page.Actions, "rebuy") {
		page.Offer = st.offer(o, now)
	}
	t := &page.Terms
	t.Buyer, t.Seller, t.Penalty, t.Fail, t.Credit = o.fees.buyer, o.fees.seller, o.fees.penalty, o.fees.fail, o.fees.share
	return page
}

func parcelOf(number string) *struct{ Carrier, Tracking string } {
	if number == "" {
		return nil
	}
	return &struct{ Carrier, Tracking string }{testCarrier, number}
}

func (st *storm) offer(o *modelOrder, now time.Time) *pageOffer {
	offer := &pageOffer{Until: *o.deadline}
	if best, ok := shop.BestFor(st.m.queue(o.product, shop.Sales), o.buyer, now); ok {
		fee := part(best.Price, st.m.feesAt(now).buyer)
		total := best.Price + fee
		difference := total - o.total()
		offer.Price, offer.Fee, offer.Total, offer.Difference = &best.Price, &fee, &total, &difference
	}
	return offer
}

// differs compares an answer with what the model shows; "" is the same.
func (st *storm) differs(o *modelOrder, p *apptest.Client, r apptest.Reply) string {
	got, want := apptest.Into[orderPage](st.t, r), st.page(o, p)
	slices.Sort(got.Actions)
	got.Timeline = slices.DeleteFunc(got.Timeline, func(s pageStep) bool { return s.Action == "overdue" })
	if g, w := asJSON(got), asJSON(want); g != w {
		return fmt.Sprintf("order %d is shown to %d as\n%s\nthe model says\n%s", o.id, p.UserID, g, w)
	}
	return ""
}

func (st *storm) wantOrder(o *modelOrder, p *apptest.Client, r apptest.Reply) {
	st.t.Helper()
	if d := st.differs(o, p, r); d != "" {
		st.t.Fatal(d)
	}
}

func (st *storm) isStaff(p *apptest.Client) bool { return slices.Contains(st.desk, p) }

// anyOrder draws an order, mostly one that is not finished.
func (st *storm) anyOrder() *modelOrder {
	list := st.m.orders
	if st.r.IntN(5) > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(o *modelOrder) bool { return o.finished() })
	}
	if len(list) == 0 {
		return nil
	}
	return list[st.r.IntN(len(list))]
}

func (st *storm) anybody() *apptest.Client {
	return append(slices.Clone(st.people), st.desk[0])[st.r.IntN(len(st.people)+1)]
}

// readOrder compares an order with the model's. If its deadline has passed,
// the program may have seen to it, or not, or be about to.
func (st *storm) readOrder() {
	o, p := st.anyOrder(), st.anybody()
	if o == nil {
		return
	}
	path := fmt.Sprintf("/api/shop/orders/%d/", o.id)
	if o.partOf(p.UserID, st.isStaff(p)) == "" {
		p.Get(path).WantCode(st.t, http.StatusNotFound, "shop.order_not_found")
		return
	}
	r := p.Get(path).Want(st.t, http.StatusOK)
	now := st.s.Clock.Now()
	if o.due(now) && st.differs(o, p, r) != "" {
		st.m.expire(o, now)
		r = p.Get(path).Want(st.t, http.StatusOK)
	}
	st.wantOrder(o, p, r)
}

// stepOrder tries a step: mostly one that is allowed.
func (st *storm) stepOrder() {
	o := st.anyOrder()
	if o == nil {
		return
	}
	names := []string{"withdraw", "ship", "receive", "pass", "fail", "dispatch", "confirm", "refund", "rebuy", "cancel", "undo"}
	action, p := names[st.r.IntN(len(names))], st.anybody()
	if st.r.IntN(4) > 0 {
		if a, by := st.goodStep(o); by != nil {
			action, p = a, by
		}
	}
	if o.status == "matched" && st.r.IntN(4) == 0 { // one a day, whatever they try
		action, p = "withdraw", st.person(o.buyer)
	}
	st.attempt(o, action, p)
}

// goodStep draws one that the model allows. What ends an order early is rarer.
func (st *storm) goodStep(o *modelOrder) (string, *apptest.Client) {
	type choice struct {
		action string
		by     *apptest.Client
	}
	var choices []choice
	for _, p := range append(slices.Clone(st.people), st.desk[0]) {
		for _, action := range st.m.allowed(o, p.UserID, st.isStaff(p), st.s.Clock.Now()) {
			if rare := action == "cancel" || action == "withdraw" || action == "undo"; !rare || st.r.IntN(6) == 0 {
				choices = append(choices, choice{action, p})
			}
		}
	}
	if len(choices) == 0 {
		return "", nil
	}
	c := choices[st.r.IntN(len(choices))]
	return c.action, c.by
}

// attempt lets a person try a step of an order.
func (st *storm) attempt(o *modelOrder, action string, p *apptest.Client) {
	st.t.Helper()
	now, staff := st.s.Clock.Now(), st.isStaff(p)
	if action == "rebuy" {
		st.rebuy(o, p)
		return
	}
	number, reason, body := fmt.Sprintf("68-%06d", st.r.IntN(1_000_000)), "Glue marks, "+string('A'+rune(st.r.IntN(26))), M{}
	wrong := st.r.IntN(12) == 0
	switch action {
	case "ship", "dispatch":
		if wrong {
			number = "1"
		}
		body = M{"carrier": testCarrier, "tracking": number}
	case "fail", "cancel", "undo":
		if wrong {
			reason = strings.Repeat("r", 301)
		}
		body = M{"reason": reason}
	default:
		wrong = false
	}
	r := p.Post(stepPath(o.id, action), body)
	predict := func() (string, error) {
		if wrong && (staff || !actions()[action]) {
			return "", fault.ErrInvalid
		}
		to, err := st.m.may(o, action, p.UserID, staff, now)
		if err == nil && action == "ship" && o.sent() > maxCorrections {
			err = shop.ErrShipmentFixed
		}
		return to, err
	}
	to, want := predict()
	if o.due(now) && st.agrees(r, http.StatusOK, want) != nil { // the program was there before
		st.m.expire(o, now)
		to, want = predict()
	}
	who := o.partOf(p.UserID, staff)
	if !st.answer(fmt.Sprintf("order %d, %s by the %s", o.id, action, who), r, http.StatusOK, want) {
		return
	}
	st.agreed[action]++
	step := modelStep{action: action, actor: who, at: now}
	if len(body) == 1 {
		step.note = reason
	}
	st.m.step(o, to, step, p.UserID, number)
	st.wantOrder(o, p, r)
}

func (st *storm) rebuy(o *modelOrder, p *apptest.Client) {
	st.t.Helper()
	st.meet()
	now := st.s.Clock.Now()
	best, _ := shop.BestFor(st.m.queue(o.product, shop.Sales), p.UserID, now)
	in := st.sees(best.Price, part(best.Price, st.m.feesAt(now).buyer))
	to, want := st.m.may(o, "rebuy", p.UserID, st.isStaff(p), now)
	var counter shop.Bid
	if want == nil {
		counter, want = st.m.mayTrade(o.product, p.UserID, shop.Purchase, in, now)
	}
	r := p.Post(stepPath(o.id, "rebuy"), in.body())
	if !st.answer(fmt.Sprintf("order %d, rebuy", o.id), r, http.StatusOK, want) {
		return
	}
	st.agreed["rebuy"]++
	replacement := st.m.trade(apptest.Into[order](st.t, r).ID, counter, p.UserID, shop.Purchase, now)
	replacement.replaces, o.replacedBy = o.id, replacement.id
	o.enter(modelStep{action: "rebuy", status: to, actor: "buyer", at: now})
	st.m.giveBack(o, "replaced")
	st.wantOrder(replacement, p, r)
}

// wantAccounts holds every account of the ledger against the model's.
func (st *storm) wantAccounts() {
	st.t.Helper()
	st.meet()
	type row struct {
		Account string `bun:"account"`
		Person  int64  `bun:"person"`
		Amount  int64  `bun:"amount"`
	}
	rows, err := db.Select[row](st.t.Context(), st.s.DB, `SELECT account, person, CAST(sum(amount) AS bigint) AS amount FROM (
		SELECT debit AS account, coalesce(debit_user, 0) AS person, -amount AS amount FROM ledger
		UNION ALL SELECT credit, coalesce(credit_user, 0), amount FROM ledger) l GROUP BY account, person`)
	if err != nil {
		st.t.Fatal(err)
	}
	found := map[string]int64{}
	for _, r := range rows {
		name := r.Account
		if r.Person != 0 {
			name += fmt.Sprint(" ", r.Person)
		}
		if r.Amount != 0 {
			found[name] = r.Amount
		}
	}
	for name, amount := range st.m.accounts {
		if found[name] != amount {
			st.t.Errorf("the account %s holds %d, the model says %d", name, found[name], amount)
		}
		delete(found, name)
	}
	if len(found) > 0 {
		st.t.Errorf("accounts that the model doesn't know: %v", found)
	}
	good := st.products[len(st.products)-1]
	if n := count(st.t, st.s, "SELECT stock FROM products WHERE id = $1", good); n != st.m.stock[good] {
		st.t.Errorf("%d in stock, the model says %d", n, st.m.stock[good])
	}
	st.sweep()
}

// drain lets the time pass, and the staff do its work: every order ends, and
// nobody's money stays behind.
func (st *storm) drain() {
	for range 6 {
		st.advance(14 * 24 * time.Hour)
		st.meet()
		for _, o := range st.m.orders {
			switch o.status {
			case "inspecting":
				st.attempt(o, "pass", st.desk[0])
			case "passed", "matched":
				st.attempt(o, "dispatch", st.desk[0])
			}
		}
	}
	for _, o := range st.m.orders {
		if !o.finished() {
			st.t.Errorf("order %d is still %s", o.id, o.status)
		}
	}
	if st.m.accounts["escrow"] != 0 {
		st.t.Errorf("%d won stayed in escrow", st.m.accounts["escrow"])
	}
}
