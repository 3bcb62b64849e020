package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/platform/fault"
	"rally/platform/page"
	"rally/platform/web"
)

const staffTag = "Shop (staff)"

// registerDesk adds what the staff works with.
func (a *API) registerDesk(api huma.API) {
	const base = "/api/admin/shop/"
	huma.Register(api, web.Op(http.MethodGet, base+"summary/", "shop-desk-summary", staffTag, "Sum the shop up", web.Staff()), a.deskSummary)
	huma.Register(api, web.Op(http.MethodGet, base+"orders/", "shop-desk-orders", staffTag, "List everybody's orders", web.Staff(),
		web.Describe("`search` is an order's or a person's number, or words of the article; `#12` is a number only. Orders are moved by the steps under `/api/shop/orders/{id}/`.")), a.deskOrders)
	huma.Register(api, web.Op(http.MethodGet, base+"orders/{id}/", "shop-desk-order", staffTag, "Read an order with its ledger", web.Staff(), web.Errors(404)), a.deskOrder)
	huma.Register(api, web.Op(http.MethodGet, base+"bids/", "shop-desk-bids", staffTag, "List everybody's bids", web.Staff(),
		web.Describe("`search` is a bid's, a person's or a product's number, or words of the article; `#12` is a number only.")), a.deskBids)
	huma.Register(api, web.Op(http.MethodDelete, base+"bids/{id}/", "shop-desk-bid-cancel", staffTag, "Take a bid out of the book", web.Staff(), noContent(), web.Errors(404, 409)), a.deskCancelBid)
	huma.Register(api, web.Op(http.MethodGet, base+"fees/", "shop-desk-fees", staffTag, "List the fee schedules", web.Staff(), web.Describe("The latest first. `now` is what holds now; before the first one that is what the program's settings say.")), a.deskFees)
	huma.Register(api, web.Op(http.MethodPost, base+"fees/", "shop-desk-fees-add", staffTag, "Set fees from a time on", web.Staff(), created(), web.Errors(409),
		web.Describe("At least an hour ahead, so that every node knows it when it comes. Orders keep the fees of their day, and bids those of when they were placed.")), a.deskAddFees)
	huma.Register(api, web.Op(http.MethodDelete, base+"fees/{id}/", "shop-desk-fees-delete", staffTag, "Take a fee schedule back", web.Staff(), noContent(), web.Errors(404, 409),
		web.Describe("Until 10 minutes before it begins; then 409 `shop.fees_fixed`.")), a.deskDeleteFees)
}

type summaryBody struct {
	Orders    map[string]int64 `json:"orders" doc:"How many orders are in each status."`
	Overdue   int64            `json:"overdue" doc:"Orders whose deadline has passed." example:"2"`
	OpenAsks  int64            `json:"open_asks" example:"1210"`
	OpenBids  int64            `json:"open_bids" example:"1504"`
	Trades24h int64            `json:"trades_24h" example:"92"`
	Volume24h int64            `json:"volume_24h" doc:"In won." example:"13420000"`
	Articles  int64            `json:"articles" example:"60"`
	Brands    int64            `json:"brands" example:"12"`
}

func (a *API) deskSummary(ctx context.Context, _ *struct{}) (*reply[summaryBody], error) {
	sum, err := a.shop.StaffSummary(ctx)
	return answer(summaryBody(sum)), err
}

func knownStatuses(statuses []string) error {
	for _, status := range statuses {
		if !slices.Contains(shop.OrderStatuses(), status) {
			return fault.ErrInvalid.WithField("status", "must be one of "+strings.Join(shop.OrderStatuses(), ", "))
		}
	}
	return nil
}

type deskOrdersInput struct {
	web.PageInput
	Search  string   `query:"search" doc:"A number, or words of the article." example:"court 84"`
	Status  []string `query:"status,explode" doc:"May be repeated." example:"inspecting"`
	User    int64    `query:"user" doc:"Orders of one person."`
	Overdue bool     `query:"overdue" doc:"Only those whose deadline has passed, the latest first."`
}

func (a *API) deskOrders(ctx context.Context, in *deskOrdersInput) (*pageOf[OrderBody], error) {
	if err := knownStatuses(in.Status); err != nil {
		return nil, err
	}
	list := func(ctx context.Context, p page.Request) (page.List[shop.OrderView], error) {
		return a.shop.StaffOrders(ctx, shop.StaffFilter{Search: in.Search, Statuses: in.Status, UserID: in.User, Overdue: in.Overdue}, p)
	}
	return listPage(ctx, &in.PageInput, list, func(v shop.OrderView) OrderBody { return a.toOrder(ctx, v) })
}

type postingBody struct {
	ID         int64     `json:"id" example:"4021"`
	Reason     string    `json:"reason" doc:"charge, payout, fee, refund, penalty, credit or reversal." example:"charge"`
	Debit      string    `json:"debit" doc:"The account that gives: buyer, seller, escrow, fees, penalties or store." example:"buyer"`
	DebitUser  *int64    `json:"debit_user" doc:"Whose account." example:"12"`
	Credit     string    `json:"credit" doc:"The account that gets." example:"escrow"`
	CreditUser *int64    `json:"credit_user"`
	Amount     int64     `json:"amount" doc:"In won." example:"132965"`
	At         time.Time `json:"at"`
}

type deskPerson struct {
	UserID      int64  `json:"user_id" example:"12"`
	ProfileName string `json:"profile_name" doc:"Empty for somebody who left." example:"mint_sole"`
}

func toPerson(id int64, names map[int64]accounts.Profile) *deskPerson {
	return &deskPerson{UserID: id, ProfileName: names[id].ProfileName}
}

type deskOrderBody struct {
	OrderBody
	Ledger        []postingBody `json:"ledger"`
	BuyerProfile  *deskPerson   `json:"buyer_profile"`
	SellerProfile *deskPerson   `json:"seller_profile"`
}

func (a *API) deskOrder(ctx context.Context, in *IDInput) (*reply[deskOrderBody], error) {
	v, err := a.shop.StaffOrder(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := deskOrderBody{OrderBody: a.toOrder(ctx, v.OrderView), Ledger: make([]postingBody, len(v.Ledger)), BuyerProfile: toPerson(v.Row.BuyerID, v.Names)}
	for i, p := range v.Ledger {
		body.Ledger[i] = postingBody{
			ID: p.ID, Reason: p.Reason, Debit: string(p.Debit), DebitUser: p.DebitUser, Credit: string(p.Credit), CreditUser: p.CreditUser, Amount: p.Amount, At: p.CreatedAt,
		}
	}
	if v.Row.SellerID != nil {
		body.SellerProfile = toPerson(*v.Row.SellerID, v.Names)
	}
	return answer(body), nil
}

type deskBidsInput struct {
	web.PageInput
	Search string   `query:"search" doc:"A number, or words of the article."`
	Side   string   `query:"side" enum:"purchase,sales" example:"sales"`
	Status []string `query:"status,explode" doc:"open, filled, cancelled or expired; may be repeated." example:"open"`
	User   int64    `query:"user" doc:"Bids of one person."`
}

type deskBidBody struct {
	MyBidBody
	User        int64      `json:"user" example:"12"`
	ProfileName string     `json:"profile_name" doc:"Empty for somebody who left." example:"mint_sole"`
	ClosedAt    *time.Time `json:"closed_at"`
}

func (a *API) deskBids(ctx context.Context, in *deskBidsInput) (*pageOf[deskBidBody], error) {
	for _, status := range in.Status {
		if !slices.Contains([]string{string(shop.BidOpen), string(shop.BidFilled), string(shop.BidCancelled), string(shop.BidExpired)}, status) {
			return nil, fault.ErrInvalid.WithField("status", "must be one of open, filled, cancelled, expired")
		}
	}
	list := func(ctx context.Context, p page.Request) (page.List[shop.StaffBid], error) {
		return a.shop.StaffBids(ctx, shop.StaffFilter{Search: in.Search, Side: shop.Side(in.Side), Statuses: in.Status, UserID: in.User}, p)
	}
	return listPage(ctx, &in.PageInput, list, func(b shop.StaffBid) deskBidBody {
		return deskBidBody{MyBidBody: a.toMyBid(ctx, b.Placed), User: b.Row.UserID, ProfileName: b.Name, ClosedAt: b.Row.ClosedAt}
	})
}

func (a *API) deskCancelBid(ctx context.Context, in *reasonInput) (*noBody, error) {
	return nil, a.shop.StaffCancelBid(ctx, in.ID, in.Body.Reason)
}

// FeeFields are fees from a time on.
type FeeFields struct {
	EffectiveFrom time.Time `json:"effective_from" doc:"At least an hour ahead." example:"2027-01-01T00:00:00Z"`
	TermsBody
}

type feeBody struct {
	ID            int64     `json:"id" example:"3"`
	EffectiveFrom time.Time `json:"effective_from"`
	TermsBody
	CreatedBy int64     `json:"created_by" example:"1"`
	CreatedAt time.Time `json:"created_at"`
	InForce   bool      `json:"in_force"`
}

func toFees(f shop.FeeSchedule) feeBody {
	return feeBody{ID: f.ID, EffectiveFrom: f.EffectiveFrom, TermsBody: TermsBody(f.Terms), CreatedBy: f.CreatedBy, CreatedAt: f.CreatedAt, InForce: f.InForce}
}

// feesBody is what was and will be charged, and what is.
type feesBody struct {
	web.PageBody[feeBody]
	Now TermsBody `json:"now" doc:"What holds now: of the schedule in force, or of the program's settings before the first."`
}

func (a *API) deskFees(ctx context.Context, in *web.PageInput) (*reply[feesBody], error) {
	p, err := in.Request()
	if err != nil {
		return nil, err
	}
	found, err := a.shop.FeeSchedules(ctx, p)
	if err != nil {
		return nil, err
	}
	return answer(feesBody{web.NewPageBody(ctx, in, found.List, toFees), TermsBody(found.Now)}), nil
}

func (a *API) deskAddFees(ctx context.Context, in *struct{ Body FeeFields }) (*reply[feeBody], error) {
	f, err := a.shop.AddFeeSchedule(ctx, shop.FeeSchedule{EffectiveFrom: in.Body.EffectiveFrom, Terms: shop.Terms(in.Body.TermsBody)})
	return answer(toFees(f)), err
}

func (a *API) deskDeleteFees(ctx context.Context, in *IDInput) (*noBody, error) {
	return nil, a.shop.DeleteFeeSchedule(ctx, in.ID)
}
