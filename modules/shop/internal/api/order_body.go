package api

import (
	"context"
	"time"

	"rally/modules/shop"
	"rally/platform/auth"
)

type parcelBody struct {
	Carrier  string `json:"carrier" example:"CJ대한통운"`
	Tracking string `json:"tracking" example:"6890-1234-5678"`
}

func toParcel(p shop.Parcel) *parcelBody {
	if p == (shop.Parcel{}) {
		return nil
	}
	body := parcelBody(p)
	return &body
}

type stepBody struct {
	Action string    `json:"action" doc:"match, award (of a prize), withdraw, ship, receive, pass, fail, dispatch, confirm, refund, rebuy, cancel, undo, expire or overdue." example:"ship"`
	Status string    `json:"status" doc:"The order's status afterwards." example:"shipping"`
	Actor  string    `json:"actor" doc:"buyer, seller, staff or system." example:"seller"`
	At     time.Time `json:"at"`
	Note   string    `json:"note"`
}

type offerBody struct {
	Price      *int64    `json:"price" doc:"The lowest ask now; null: nobody sells." example:"133000"`
	Fee        *int64    `json:"fee" example:"1995"`
	Total      *int64    `json:"total" example:"134995"`
	Difference *int64    `json:"difference" doc:"To be paid on top of what was paid; below zero, given back." example:"2030"`
	Until      time.Time `json:"until" doc:"Afterwards the money goes back by itself."`
}

// TermsBody are fees and penalties in basis points.
type TermsBody struct {
	BuyerBps       int64 `json:"buyer_bps" doc:"Basis points of the price." example:"150"`
	SellerBps      int64 `json:"seller_bps" example:"300"`
	PenaltyBps     int64 `json:"penalty_bps" doc:"A seller who doesn't ship." example:"1000"`
	FailPenaltyBps int64 `json:"fail_penalty_bps" doc:"A seller whose goods fail the inspection." example:"1500"`
	CreditBps      int64 `json:"credit_bps" doc:"The buyer's part, of the penalty." example:"5000"`
}

// OrderBody is an order as one person sees it.
type OrderBody struct {
	ID             int64       `json:"id" example:"881"`
	Kind           string      `json:"kind" doc:"trans: between two people; store: from the store; prize: from the store, and won: its price is 0." example:"trans"`
	Type           string      `json:"type" doc:"The caller's side." example:"purchase"`
	Buyer          *int64      `json:"buyer" doc:"Id of the buyer, or null when it isn't the caller's to know." example:"12"`
	Seller         *int64      `json:"seller" doc:"Id of the seller, or null when it isn't the caller's to know."`
	Product        int64       `json:"product" example:"120"`
	Price          int64       `json:"price" example:"131000"`
	Fee            int64       `json:"fee" doc:"The caller's fee." example:"1965"`
	Total          *int64      `json:"total" doc:"What the caller pays, as buyer." example:"132965"`
	Payout         *int64      `json:"payout" doc:"What the caller gets, as seller."`
	ProductEngname string      `json:"product_engname" example:"Solbit Court 84 Chalk"`
	ProductKorname string      `json:"product_korname" example:"솔빛 코트 84 초크"`
	Size           string      `json:"size" example:"260"`
	Status         string      `json:"status" doc:"matched, shipping, inspecting, passed, delivering, settled, cancelled or failed." example:"matched"`
	CreatedAt      time.Time   `json:"created_at"`
	Info           briefInfo   `json:"info"`
	Deadline       *time.Time  `json:"deadline" doc:"When the present step has to be done; null when none is left."`
	DeadlineFor    *string     `json:"deadline_for" doc:"Who has to act by then: seller, buyer, staff or carrier." example:"seller"`
	Overdue        bool        `json:"overdue" doc:"The deadline has passed."`
	Reason         string      `json:"reason" doc:"Why it was cancelled or failed: buyer_withdrew, seller_withdrew, not_shipped, lost, staff, left, inspection_failed; else empty."`
	Note           string      `json:"note" doc:"The staff's words for it."`
	Shipment       *parcelBody `json:"shipment" doc:"From the seller to the inspection centre; shown to the seller and the staff."`
	Delivery       *parcelBody `json:"delivery" doc:"From the centre to the buyer; shown to the buyer and the staff."`
	Timeline       []stepBody  `json:"timeline" doc:"Every step, oldest first."`
	Actions        []string    `json:"actions" doc:"What the caller may do now." example:"[\"withdraw\"]"`
	WithdrawUntil  *time.Time  `json:"withdraw_until" doc:"Until when the caller may withdraw, if they may."`
	Offer          *offerBody  `json:"offer" doc:"To the buyer of a failed order, in a single order's answer: the next-best ask."`
	Resolution     string      `json:"resolution" doc:"Of a failed order: refunded, replaced, or empty while the buyer chooses."`
	ReplacedBy     *int64      `json:"replaced_by" doc:"The order into which the money went."`
	Replaces       *int64      `json:"replaces" doc:"The failed order from which the money came."`
	Refund         *int64      `json:"refund" doc:"What the buyer got back."`
	Penalty        *int64      `json:"penalty" doc:"What the seller owes for how it ended."`
	Credit         *int64      `json:"credit" doc:"The buyer's part of the penalty."`
	Terms          TermsBody   `json:"terms" doc:"The terms of the day."`
}

// toOrder shows an order to the caller. Only the staff sees both people.
func (a *API) toOrder(ctx context.Context, v shop.OrderView) OrderBody {
	o := v.Row
	caller, _ := auth.From(ctx)
	side, mine := o.SideOf(caller.UserID)
	if !mine {
		side = o.TakerSide
	}
	body := OrderBody{
		ID: o.ID, Kind: o.Kind, Type: string(side), Product: o.ProductID, Price: o.Price, ProductEngname: v.Article.EngName,
		ProductKorname: v.Article.KorName, Size: v.Article.Size, Status: o.Status, CreatedAt: o.CreatedAt, Info: a.toBrief(ctx, v.Article),
		Deadline: o.Deadline, Overdue: v.Overdue, Reason: o.Reason, Note: o.Note, Timeline: timeline(v, side == shop.Purchase || caller.Staff), Actions: v.Actions, WithdrawUntil: v.WithdrawUntil,
		Terms: TermsBody(o.Terms),
	}
	if body.Actions == nil {
		body.Actions = []string{}
	}
	if who := o.DueFrom(); who != "" {
		body.DeadlineFor = &who
	}
	if side == shop.Purchase || caller.Staff {
		total := o.Total()
		body.Buyer, body.Total, body.Delivery = &o.BuyerID, &total, toParcel(o.Delivery)
		body.Resolution, body.Replaces, body.ReplacedBy = o.Resolution, o.Replaces, o.ReplacedBy
		body.Refund, body.Credit = some(o.Refund()), some(o.Credit())
	}
	if side == shop.Sales || caller.Staff {
		payout := o.Payout()
		body.Seller, body.Payout, body.Shipment, body.Penalty = o.SellerID, &payout, toParcel(o.Shipment), some(o.Penalty())
	}
	body.Fee = o.BuyerFee
	if side == shop.Sales {
		body.Fee = o.SellerFee
	}
	if v.Offer != nil {
		offer := offerBody(*v.Offer)
		body.Offer = &offer
	}
	return body
}

// some is nil for nothing.
func some(amount int64) *int64 {
	if amount == 0 {
		return nil
	}
	return &amount
}

// timeline begins with the trade itself, or the prize. What a buyer made of a failed order is
// not its seller's to know.
func timeline(v shop.OrderView, whole bool) []stepBody {
	first, actor := shop.ActMatch, shop.Buyer
	switch {
	case v.Row.Kind == shop.KindPrize:
		first, actor = shop.ActAward, shop.System
	case v.Row.TakerSide == shop.Sales:
		actor = shop.Seller
	}
	steps := make([]stepBody, 0, 1+len(v.Events))
	steps = append(steps, stepBody{Action: first, Status: shop.OrderMatched, Actor: string(actor), At: v.Row.CreatedAt})
	for _, e := range v.Events {
		if !whole && e.Status == shop.OrderFailed && e.Action != shop.ActFail {
			continue
		}
		steps = append(steps, stepBody{Action: e.Action, Status: e.Status, Actor: string(e.Actor), At: e.CreatedAt, Note: e.Note})
	}
	return steps
}
