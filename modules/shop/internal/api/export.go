package api

import (
	"time"

	"rally/modules/shop"
	"rally/modules/talk"
)

// ExportBody is the exchange's part of what a person may take with them. It
// tells of nobody else.
type ExportBody struct {
	Bids      []exportedBid    `json:"bids"`
	Orders    []exportedOrder  `json:"orders"`
	Wishes    []exportedWish   `json:"wishes"`
	Reviews   []exportedRemark `json:"reviews"`   // comments and replies
	Truncated bool             `json:"truncated"` // there are older rows
}

type exportedArticle struct {
	ProductID int64  `json:"product_id"`
	InfoID    int64  `json:"info_id"`
	BrandName string `json:"brand_name"`
	EngName   string `json:"eng_name"`
	KorName   string `json:"kor_name"`
	Size      string `json:"size"`
}

type exportedBid struct {
	ID int64 `json:"id"`
	exportedArticle
	Type      string     `json:"type"`
	Price     int64      `json:"price"`
	Status    string     `json:"status"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	ClosedAt  *time.Time `json:"closed_at"`
}

type exportedOrder struct {
	ID   int64  `json:"id"`
	Kind string `json:"kind"`
	exportedArticle
	Type      string    `json:"type"` // the person's side
	Price     int64     `json:"price"`
	Fee       int64     `json:"fee"` // the person's
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`
}

type exportedWish struct {
	exportedArticle
	TargetPrice *int64    `json:"target_price"`
	CreatedAt   time.Time `json:"created_at"`
}

// exportedRemark is a comment, or a reply to the comment reply_to. It doesn't
// tell whom it speaks to.
type exportedRemark struct {
	ID        int64      `json:"id"`
	InfoID    int64      `json:"info_id"`
	BrandName string     `json:"brand_name"`
	EngName   string     `json:"eng_name"`
	KorName   string     `json:"kor_name"`
	ReplyTo   *int64     `json:"reply_to"`
	Content   string     `json:"content"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
}

func toExportedRemark(p shop.Placed[talk.Remark]) exportedRemark {
	r := p.Row
	out := exportedRemark{
		ID: r.ID, InfoID: r.PlaceID, BrandName: p.Article.BrandName, EngName: p.Article.EngName, KorName: p.Article.KorName,
		Content: r.Content, CreatedAt: r.CreatedAt, EditedAt: r.EditedAt,
	}
	if r.Kind() == talk.Reply {
		out.ReplyTo = &r.CommentID
	}
	return out
}

// ToExport shapes an export for the person whom it is about.
func ToExport(e shop.Export) ExportBody {
	body := ExportBody{
		Bids: make([]exportedBid, len(e.Bids.Rows)), Orders: make([]exportedOrder, len(e.Orders.Rows)), Wishes: make([]exportedWish, len(e.Wishes.Rows)), Reviews: make([]exportedRemark, len(e.Remarks.Rows)),
		Truncated: e.Bids.Count > len(e.Bids.Rows) || e.Orders.Count > len(e.Orders.Rows) || e.Wishes.Count > len(e.Wishes.Rows) || e.Remarks.Count > len(e.Remarks.Rows),
	}
	for i, p := range e.Bids.Rows {
		b := p.Row
		body.Bids[i] = exportedBid{
			ID: b.ID, exportedArticle: toExported(p.Article), Type: string(b.Side), Price: b.Price, Status: string(b.Status),
			CreatedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt, ClosedAt: b.ClosedAt,
		}
	}
	for i, p := range e.Orders.Rows {
		o := p.Row
		side, _ := o.SideOf(e.UserID)
		fee := o.SellerFee
		if side == shop.Purchase {
			fee = o.BuyerFee
		}
		body.Orders[i] = exportedOrder{
			ID: o.ID, Kind: o.Kind, exportedArticle: toExported(p.Article), Type: string(side), Price: o.Price, Fee: fee, Status: o.Status, CreatedAt: o.CreatedAt,
		}
	}
	for i, p := range e.Wishes.Rows {
		body.Wishes[i] = exportedWish{exportedArticle: toExported(p.Article), TargetPrice: p.Row.TargetPrice, CreatedAt: p.Row.CreatedAt}
	}
	for i, p := range e.Remarks.Rows {
		body.Reviews[i] = toExportedRemark(p)
	}
	return body
}

func toExported(a shop.Article) exportedArticle {
	return exportedArticle{ProductID: a.ProductID, InfoID: a.InfoID, BrandName: a.BrandName, EngName: a.EngName, KorName: a.KorName, Size: a.Size}
}
