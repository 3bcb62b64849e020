package store

import (
	"time"

	"github.com/uptrace/bun"

	"rally/modules/shop"
	"rally/platform/db"
)

type orderRow struct {
	bun.BaseModel `bun:"table:orders,alias:o"`

	ID             int64      `bun:"id,pk,autoincrement"`
	Kind           string     `bun:"kind"`
	InfoID         int64      `bun:"info_id"`
	ProductID      int64      `bun:"product_id"`
	BidID          *int64     `bun:"bid_id"`
	BuyerID        int64      `bun:"buyer_id"`
	SellerID       *int64     `bun:"seller_id"`
	TakerSide      string     `bun:"taker_side"`
	Price          int64      `bun:"price"`
	BuyerFee       int64      `bun:"buyer_fee"`
	SellerFee      int64      `bun:"seller_fee"`
	BuyerBps       int64      `bun:"buyer_bps"`
	SellerBps      int64      `bun:"seller_bps"`
	PenaltyBps     int64      `bun:"penalty_bps"`
	FailPenaltyBps int64      `bun:"fail_penalty_bps"`
	CreditBps      int64      `bun:"credit_bps"`
	Status         string     `bun:"status"`
	StatusAt       time.Time  `bun:"status_at"`
	Deadline       *time.Time `bun:"deadline"`
	OverdueAt      *time.Time `bun:"overdue_at"`
	Reason         string     `bun:"reason"`
	Note           string     `bun:"note"`
	Carrier        string     `bun:"carrier"`
	Tracking       string     `bun:"tracking"`
	OutCarrier     string     `bun:"out_carrier"`
	OutTracking    string     `bun:"out_tracking"`
	Resolution     string     `bun:"resolution"`
	Replaces       *int64     `bun:"replaces"`
	ReplacedBy     *int64     `bun:"replaced_by"`
	ToldAt         *time.Time `bun:"told_at"`
	ToldEvent      int64      `bun:"told_event"`
	CreatedAt      time.Time  `bun:"created_at"`
}

const orderColumns = "id, kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, buyer_bps, seller_bps, penalty_bps, fail_penalty_bps, credit_bps, " +
	"status, status_at, deadline, overdue_at, reason, note, carrier, tracking, out_carrier, out_tracking, resolution, replaces, replaced_by, told_event, created_at"

func (r orderRow) toDomain() shop.Order {
	return shop.Order{
		ID: r.ID, Kind: r.Kind, InfoID: r.InfoID, ProductID: r.ProductID, BidID: r.BidID, BuyerID: r.BuyerID, SellerID: r.SellerID,
		TakerSide: shop.Side(r.TakerSide), Price: r.Price, BuyerFee: r.BuyerFee, SellerFee: r.SellerFee,
		Terms:  shop.Terms{BuyerBps: r.BuyerBps, SellerBps: r.SellerBps, PenaltyBps: r.PenaltyBps, FailPenaltyBps: r.FailPenaltyBps, CreditBps: r.CreditBps},
		Status: r.Status, StatusAt: r.StatusAt.UTC(), Deadline: db.UTC(r.Deadline), OverdueAt: db.UTC(r.OverdueAt), Reason: r.Reason, Note: r.Note,
		Shipment: shop.Parcel{Carrier: r.Carrier, Tracking: r.Tracking}, Delivery: shop.Parcel{Carrier: r.OutCarrier, Tracking: r.OutTracking},
		Resolution: r.Resolution, Replaces: r.Replaces, ReplacedBy: r.ReplacedBy, ToldEvent: r.ToldEvent, CreatedAt: r.CreatedAt.UTC(),
	}
}

func fromOrder(o shop.Order) orderRow {
	return orderRow{
		ID: o.ID, Kind: o.Kind, InfoID: o.InfoID, ProductID: o.ProductID, BidID: o.BidID, BuyerID: o.BuyerID, SellerID: o.SellerID,
		TakerSide: string(o.TakerSide), Price: o.Price, BuyerFee: o.BuyerFee, SellerFee: o.SellerFee,
		BuyerBps: o.Terms.BuyerBps, SellerBps: o.Terms.SellerBps, PenaltyBps: o.Terms.PenaltyBps, FailPenaltyBps: o.Terms.FailPenaltyBps, CreditBps: o.Terms.CreditBps,
		Status: o.Status, StatusAt: o.StatusAt, Deadline: o.Deadline, OverdueAt: o.OverdueAt, Reason: o.Reason, Note: o.Note,
		Carrier: o.Shipment.Carrier, Tracking: o.Shipment.Tracking, OutCarrier: o.Delivery.Carrier, OutTracking: o.Delivery.Tracking,
		Resolution: o.Resolution, Replaces: o.Replaces, ReplacedBy: o.ReplacedBy, CreatedAt: o.CreatedAt,
	}
}
