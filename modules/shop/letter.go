package shop

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The letters are plain text in Korean, then English. They name the article and
// the amount; whatever strangers write stays out of them.

// letterTo returns what a side of an order is told of its status, or false when
// the status is nothing to write of.
func letterTo(o Order, since happened, article Article, side Side, baseURL string) (subject, body string, ok bool) {
	ko, en := orderNews(o, since, side)
	if ko.subject == "" {
		return "", "", false
	}
	link := fmt.Sprintf("%s/my/orders/%d", strings.TrimSuffix(baseURL, "/"), o.ID)
	return letter(ko, en, article, link)
}

// happened is what the present status doesn't say: it may have changed more than
// once since the last letter.
type happened struct {
	failed bool // it failed, and nobody was told
	undone bool // a failure of which they were told was taken back
}

// newsSince looks at the steps after the one that was told last.
func newsSince(events []OrderEvent, told int64) happened {
	var h happened
	toldFailed := false
	for _, e := range events {
		switch {
		case e.Action == ActFail && e.ID <= told:
			toldFailed = true
		case e.Action == ActFail:
			h.failed, h.undone, toldFailed = true, false, false
		case e.Action == ActUndo:
			h.undone = toldFailed && e.ID > told
			h.failed, toldFailed = false, false
		}
	}
	return h
}

// news is one language's part of a letter.
type news struct{ subject, text string }

func letter(ko, en news, article Article, link string) (subject, body string, ok bool) {
	size := article.Size
	if size == AllSizes {
		size = "–"
	}
	return "[Rally] " + ko.subject + " · " + en.subject, fmt.Sprintf("%s (%s)\n\n%s\n\n%s\n\n----\n\n%s (%s)\n\n%s\n\nRally\n",
		article.KorName, size, ko.text, link, article.EngName, size, en.text), true
}

func orderNews(o Order, since happened, side Side) (ko, en news) {
	buyer := side == Purchase
	price := Won(o.Price)
	switch {
	case since.undone && o.Status != OrderCancelled:
		return news{"검수 결과를 정정합니다", "불합격 안내를 취소합니다. 거래는 그대로 진행되며, 페널티와 보상금은 없던 일이 됩니다."},
			news{"We correct the inspection", "It did not fail after all. The trade goes on; the penalty and its credit are taken back."}
	case o.Status == OrderMatched && o.Kind == KindPrize:
		return news{"우승 상품 주문이 등록되었습니다", "토너먼트 우승 상품입니다. 결제할 금액은 없으며, 곧 발송됩니다."},
			news{"Your prize is on order", "You won it in a tournament. There is nothing to pay; it will be sent soon."}
	case o.Status == OrderMatched && buyer && o.Kind == KindStore:
		return news{"주문이 접수되었습니다", "총 " + Won(o.Total()) + "에 주문되었습니다. 곧 발송됩니다."},
			news{"Your order is in", "You ordered it for " + Won(o.Total()) + " in all. It will be sent soon."}
	case o.Status == OrderMatched && buyer:
		return news{"거래가 체결되었습니다", price + "에 체결되어 총 " + Won(o.Total()) + "이 결제됩니다. 판매자가 48시간 안에 검수 센터로 보냅니다."},
			news{"Your trade is matched", "It was matched at " + price + "; you pay " + Won(o.Total()) + " in all. The seller sends it to the inspection centre within 48 hours."}
	case o.Status == OrderMatched:
		due := clockIn(o.Deadline)
		return news{"판매되었습니다. 발송해 주세요", price + "에 판매되었습니다. 정산 금액은 " + Won(o.Payout()) + "입니다.\n" + due + "(한국 시간)까지 검수 센터로 보내고 운송장 번호를 입력해 주세요. 기한이 지나면 거래가 취소되고 페널티가 부과됩니다."},
			news{"Sold: please ship it", "It was sold at " + price + "; you get " + Won(o.Payout()) + ".\nSend it to the inspection centre by " + due + " (Korean time) and enter the tracking number. After that the trade is cancelled and a penalty charged."}
	case o.Status == OrderDelivering && buyer:
		return news{"상품이 발송되었습니다", "받으신 뒤 주문 화면에서 수령을 확인해 주세요. 7일이 지나면 자동으로 확정됩니다."},
			news{"It is on its way to you", "Please confirm on the order's page once you have it. After 7 days it counts as received."}
	case o.Status == OrderSettled && !buyer:
		return news{"정산되었습니다", Won(o.Payout()) + "이 정산되었습니다."}, news{"You are paid", Won(o.Payout()) + " is on its way to you."}
	case o.Status == OrderFailed && buyer && o.Resolution == "":
		return news{"검수에 불합격했습니다. 선택해 주세요", "다음으로 낮은 판매가로 다시 구매하거나 환불받을 수 있습니다. " + clockIn(o.Deadline) + "(한국 시간)까지 고르지 않으면 자동으로 환불됩니다."},
			news{"It failed the inspection: your choice", "Take the next-best ask, or your money back. If you don't choose by " + clockIn(o.Deadline) + " (Korean time), you are refunded."}
	case o.Status == OrderFailed && buyer && o.Resolution == Refunded:
		return news{"환불되었습니다", Won(o.Refund()) + "이 환불되었습니다."}, news{"You are refunded", Won(o.Refund()) + " goes back to you."}
	case o.Status == OrderFailed && !buyer && since.failed:
		return news{"검수에 불합격했습니다", "상품이 검수를 통과하지 못했습니다. 페널티 " + Won(o.Penalty()) + "이 부과됩니다. 상품은 반송됩니다."},
			news{"It failed the inspection", "What you sent did not pass. A penalty of " + Won(o.Penalty()) + " is charged. It is sent back to you."}
	case o.Status == OrderCancelled:
		return cancelled(o, buyer)
	}
	return news{}, news{}
}

func cancelled(o Order, buyer bool) (ko, en news) {
	ko, en = news{subject: "거래가 취소되었습니다"}, news{subject: "Your trade is cancelled"}
	switch {
	case o.Kind == KindPrize:
		return news{"우승 상품 주문이 취소되었습니다", "상품은 발송되지 않습니다. 자세한 내용은 주문 화면에서 확인해 주세요."},
			news{"Your prize is called off", "It will not be sent. The order's page says more."}
	case buyer:
		ko.text, en.text = Won(o.Refund())+"이 환불되었습니다.", Won(o.Refund())+" goes back to you."
		if o.Credit() > 0 {
			ko.text += " 판매자가 발송하지 않아 보상금 " + Won(o.Credit()) + "이 지급됩니다."
			en.text += " As the seller did not ship, you get " + Won(o.Credit()) + " on top."
		}
	case o.Penalty() > 0:
		ko.text = "기한 안에 발송하지 않아 거래가 취소되고 페널티 " + Won(o.Penalty()) + "이 부과됩니다."
		en.text = "It was not sent in time. A penalty of " + Won(o.Penalty()) + " is charged."
	default:
		ko.text, en.text = "이 거래는 더 진행되지 않습니다.", "Nothing more will come of this trade."
	}
	return ko, en
}

// targetLetter tells that the price of a wish is reached.
func targetLetter(article Article, price int64, baseURL string) (subject, body string) {
	link := fmt.Sprintf("%s/shop/%d?size=%s", strings.TrimSuffix(baseURL, "/"), article.InfoID, url.QueryEscape(article.Size))
	subject, body, _ = letter(news{"원하는 가격이 되었습니다", "지금 " + Won(price) + "에 살 수 있습니다."}, news{"Your price is reached", "It can be had for " + Won(price) + " now."}, article, link)
	return subject, body
}

// Won writes an amount as people read it: ₩129,000.
func Won(amount int64) string {
	sign := ""
	if amount < 0 {
		sign, amount = "-", -amount
	}
	digits := fmt.Sprint(amount)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + "₩" + digits
}

func clockIn(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Add(seoul).Format("2006-01-02 15:04")
}
