package shop

import "strconv"

// What the audit log keeps of the things that the staff writes.

// target names a thing in the audit log.
func target(thing string, id int64) string { return thing + ":" + strconv.FormatInt(id, 10) }

func auditedInfo(i Info) map[string]any {
	return map[string]any{
		"brand": i.BrandID, "eng_name": i.EngName, "kor_name": i.KorName, "model_number": i.ModelNumber, "colorway": i.Colorway, "category": i.Category,
		"delivery_tag": i.DeliveryTag, "retail_price": i.RetailPrice, "release_date": i.ReleaseDate, "tick": i.Tick,
	}
}

func auditedSize(p Product) map[string]any {
	m := map[string]any{"id": p.ID, "size": p.Size}
	if p.Stock != nil {
		m["purchase_price"], m["stock"] = p.PurchasePrice, p.Stock
	}
	return m
}

func auditedOrder(o Order) map[string]any {
	return map[string]any{"status": o.Status, "reason": o.Reason, "note": o.Note, "carrier": o.Delivery.Carrier, "tracking": o.Delivery.Tracking}
}

func auditedTerms(f FeeSchedule) map[string]any {
	return map[string]any{
		"effective_from": f.EffectiveFrom, "buyer_bps": f.Terms.BuyerBps, "seller_bps": f.Terms.SellerBps, "penalty_bps": f.Terms.PenaltyBps,
		"fail_penalty_bps": f.Terms.FailPenaltyBps, "credit_bps": f.Terms.CreditBps,
	}
}

func auditedBid(b Bid) map[string]any {
	return map[string]any{"product": b.ProductID, "user": b.UserID, "type": b.Side, "price": b.Price}
}

func auditedBrand(b Brand) map[string]any { return map[string]any{"name": b.Name} }

func auditedImage(m Image) map[string]any {
	return map[string]any{"id": m.ID, "width": m.Width, "height": m.Height}
}
