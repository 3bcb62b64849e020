package apptest

import (
	"strings"
	"testing"
	"time"

	"rally/platform/db"
)

// WantConsistent checks, in the database itself, what must hold of the
// exchange at now, whenever nothing is under way. Bids that are past their
// expiry are swept before.
func WantConsistent(tb testing.TB, d *db.DB, now time.Time) {
	tb.Helper()
	if d.Dialect == db.Postgres { // what was just filled has no statistics, and these queries join all of it
		if _, err := db.Exec(tb.Context(), d, "ANALYZE"); err != nil {
			tb.Fatal(err)
		}
	}
	dialect := strings.NewReplacer("{day}", "to_char(created_at AT TIME ZONE 'UTC' + interval '9 hours', 'YYYY-MM-DD')", "{seconds ", "extract(epoch FROM ", "}", ")")
	if d.Dialect == db.SQLite {
		dialect = strings.NewReplacer("{day}", "date(created_at, '+9 hours')", "{seconds ", "unixepoch(", "}", ")")
	}
	for _, rules := range []map[string]string{bookRules(), orderRules(), prizeRules(), stepRules(), moneyRules(), marketRules()} {
		for what, query := range rules {
			var args []any
			if strings.Contains(query, "$1") {
				args = append(args, now)
			}
			ids, err := db.Select[int64](tb.Context(), d, dialect.Replace(query), args...)
			if err != nil {
				tb.Errorf("%s: %v", what, err)
			} else if len(ids) > 0 {
				tb.Errorf("%s: %v", what, ids)
			}
		}
	}
}

// Each rule is a query for what breaks it. In braces stands what the engines
// say differently.

func bookRules() map[string]string {
	return map[string]string{
		"orders whose bid was not consumed": `SELECT o.id FROM orders o LEFT JOIN bids b ON b.id = o.bid_id
			WHERE o.kind = 'trans' AND (b.id IS NULL OR b.status <> 'filled' OR b.product_id <> o.product_id OR b.price <> o.price OR b.side = o.taker_side)`,
		"consumed bids without an order":      `SELECT b.id FROM bids b WHERE b.status = 'filled' AND (SELECT count(*) FROM orders o WHERE o.bid_id = b.id) <> 1`,
		"bids that are both open and sold":    `SELECT b.id FROM bids b JOIN orders o ON o.bid_id = b.id WHERE b.status = 'open'`,
		"people who traded with themselves":   `SELECT id FROM orders WHERE buyer_id = seller_id`,
		"orders whose bid is of neither side": `SELECT o.id FROM orders o JOIN bids b ON b.id = o.bid_id WHERE b.user_id <> CASE WHEN b.side = 'sales' THEN o.seller_id ELSE o.buyer_id END`,
		"orders at another fee than their bid's": `SELECT o.id FROM orders o JOIN bids b ON b.id = o.bid_id
			WHERE b.fee_bps <> CASE WHEN b.side = 'sales' THEN o.seller_bps ELSE o.buyer_bps END`,
		"closed bids without a time": `SELECT id FROM bids WHERE (status = 'open') <> (closed_at IS NULL)`,
		"products with a wrong lowest ask": `SELECT p.id FROM products p WHERE p.biddable AND coalesce(p.purchase_price, 0) <>
			coalesce((SELECT min(price) FROM bids b WHERE b.product_id = p.id AND b.side = 'sales' AND b.status = 'open' AND b.expires_at > $1), 0)`,
		"products with a wrong highest bid": `SELECT p.id FROM products p WHERE p.biddable AND coalesce(p.sales_price, 0) <>
			coalesce((SELECT max(price) FROM bids b WHERE b.product_id = p.id AND b.side = 'purchase' AND b.status = 'open' AND b.expires_at > $1), 0)`,
		"crossed books": `SELECT p.id FROM products p WHERE p.biddable AND p.purchase_price <= p.sales_price`,
		"levels of a book that miscount its bids": `SELECT coalesce(l.product_id, b.product_id) FROM (SELECT product_id, side, price, count(*) AS n FROM bids WHERE status = 'open' GROUP BY product_id, side, price) b
			FULL JOIN book_levels l ON l.product_id = b.product_id AND l.side = b.side AND l.price = b.price WHERE l.bids IS NULL OR b.n IS NULL OR l.bids <> b.n`,
		"bids that share a priority": `SELECT min(id) FROM bids GROUP BY product_id, priority HAVING count(*) > 1`,
	}
}

const finished = "(status IN ('settled', 'cancelled') OR resolution <> '')"

func orderRules() map[string]string {
	return map[string]string{
		"orders without a seller who are not the store's":              `SELECT id FROM orders WHERE (kind = 'trans') <> (seller_id IS NOT NULL) OR (kind = 'trans') <> (bid_id IS NOT NULL)`,
		"fees that are not those of the terms":                         `SELECT id FROM orders WHERE buyer_fee <> price * buyer_bps / 10000 OR seller_fee <> price * seller_bps / 10000`,
		"finished orders with a deadline, and unfinished ones without": `SELECT id FROM orders WHERE (deadline IS NULL) <> ` + finished,
		"deadlines that don't fit the status": `SELECT id FROM orders WHERE deadline IS NOT NULL AND {seconds deadline} - {seconds status_at} <>
			CASE status WHEN 'matched' THEN 48 WHEN 'shipping' THEN 336 WHEN 'inspecting' THEN 72 WHEN 'passed' THEN 48 WHEN 'delivering' THEN 168 WHEN 'failed' THEN 48 ELSE 0 END * 3600`,
		"orders found late that nobody of the staff is late with": `SELECT id FROM orders WHERE overdue_at IS NOT NULL
			AND (overdue_at < deadline OR deadline IS NULL OR status NOT IN ('inspecting', 'passed') AND NOT (status = 'matched' AND kind <> 'trans'))`,
		"orders resolved that did not fail":                 `SELECT id FROM orders WHERE resolution <> '' AND status <> 'failed'`,
		"store goods at the inspection":                     `SELECT id FROM orders WHERE kind <> 'trans' AND status IN ('shipping', 'inspecting', 'passed', 'failed')`,
		"orders cancelled or failed without reason":         `SELECT id FROM orders WHERE (status IN ('cancelled', 'failed')) <> (reason <> '')`,
		"orders on their way that nobody could find":        `SELECT id FROM orders WHERE status IN ('shipping', 'inspecting', 'passed', 'failed') AND tracking = '' OR status = 'delivering' AND out_tracking = ''`,
		"replaced orders that don't name their replacement": `SELECT id FROM orders WHERE (resolution = 'replaced') <> (replaced_by IS NOT NULL)`,
		"orders that don't point back at each other": `SELECT o.id FROM orders o LEFT JOIN orders r ON r.id = o.replaced_by
			WHERE o.replaced_by IS NOT NULL AND (r.id IS NULL OR r.replaces IS NULL OR r.replaces <> o.id OR r.buyer_id <> o.buyer_id OR r.product_id <> o.product_id)
			UNION SELECT r.id FROM orders r LEFT JOIN orders o ON o.id = r.replaces WHERE r.replaces IS NOT NULL AND (o.id IS NULL OR o.replaced_by IS NULL OR o.replaced_by <> r.id)`,
	}
}

func prizeRules() map[string]string {
	return map[string]string{
		"prizes that somebody pays for, and gifts that are none": `SELECT id FROM orders WHERE (kind = 'prize') <> (price = 0) OR kind = 'prize' AND (buyer_fee <> 0 OR seller_fee <> 0 OR replaces IS NOT NULL)`,
		"prizes in the ledger":              `SELECT l.id FROM ledger l JOIN orders o ON o.id = l.order_id WHERE o.kind = 'prize'`,
		"orders of prizes that nobody kept": `SELECT o.id FROM orders o WHERE o.kind = 'prize' AND NOT EXISTS (SELECT 1 FROM shop_prizes p WHERE p.order_id = o.id AND p.product_id = o.product_id AND p.info_id = o.info_id)`,
		"prizes that became another order":  `SELECT p.id FROM shop_prizes p JOIN orders o ON o.id = p.order_id WHERE o.kind <> 'prize'`,
	}
}

// ways are all steps that an order can take: from, action, to. undo goes back
// the way that was come.
func ways() []string {
	return []string{
		"matched withdraw cancelled", "matched ship shipping", "shipping ship shipping", "shipping receive inspecting", "inspecting pass passed",
		"inspecting fail failed", "passed dispatch delivering", "matched dispatch delivering", "delivering confirm settled", "failed refund failed", "failed rebuy failed",
		"matched cancel cancelled", "shipping cancel cancelled", "inspecting cancel cancelled", "passed cancel cancelled",
		"inspecting undo shipping", "passed undo inspecting", "failed undo inspecting", "delivering undo passed", "delivering undo matched",
		"matched expire cancelled", "shipping expire cancelled", "delivering expire settled", "failed expire failed",
		"matched overdue matched", "inspecting overdue inspecting", "passed overdue passed",
	}
}

func stepRules() map[string]string {
	const steps = `(SELECT e.id, e.order_id, e.action, e.status, e.actor, e.actor_id, e.created_at, o.kind, o.buyer_id, o.seller_id,
		coalesce(lag(e.status) OVER w, 'matched') AS before, coalesce(lag(e.created_at) OVER w, o.created_at) AS since FROM order_events e JOIN orders o ON o.id = e.order_id
		WINDOW w AS (PARTITION BY e.order_id ORDER BY e.id)) s`
	return map[string]string{
		"orders whose status is not that of their last step": `SELECT o.id FROM orders o
			WHERE o.status <> coalesce((SELECT e.status FROM order_events e WHERE e.order_id = o.id ORDER BY e.id DESC LIMIT 1), 'matched')`,
		"orders whose status began at another time than its step": `SELECT o.id FROM orders o WHERE o.status_at <> coalesce((SELECT s.created_at FROM ` + steps + `
			WHERE s.order_id = o.id AND (s.status <> s.before OR s.action = 'undo') ORDER BY s.id DESC LIMIT 1), o.created_at)`,
		"steps that no order can take":          `SELECT s.id FROM ` + steps + ` WHERE before || ' ' || action || ' ' || status NOT IN ('` + strings.Join(ways(), "', '") + `')`,
		"steps of store goods and of the rest":  `SELECT s.id FROM ` + steps + ` WHERE action = 'dispatch' AND (before = 'matched') <> (kind <> 'trans') OR action IN ('ship', 'receive', 'pass', 'fail') AND kind <> 'trans' OR action = 'withdraw' AND kind = 'prize'`,
		"steps after the end":                   `SELECT s.id FROM ` + steps + ` WHERE before IN ('settled', 'cancelled')`,
		"two choices of one buyer":              `SELECT order_id FROM order_events e WHERE action IN ('refund', 'rebuy') OR action = 'expire' AND status = 'failed' GROUP BY order_id HAVING count(*) > 1`,
		"steps before the one that they follow": `SELECT s.id FROM ` + steps + ` WHERE created_at < since`,
		"steps of somebody else": `SELECT s.id FROM ` + steps + ` WHERE actor <> CASE WHEN action IN ('ship') THEN 'seller' WHEN action IN ('confirm', 'refund', 'rebuy') THEN 'buyer'
				WHEN action IN ('receive', 'pass', 'fail', 'dispatch', 'undo') THEN 'staff' WHEN action IN ('expire', 'overdue') THEN 'system' ELSE actor END
			OR actor = 'buyer' AND actor_id <> buyer_id OR actor = 'seller' AND actor_id <> seller_id OR actor = 'staff' AND actor_id IN (buyer_id, coalesce(seller_id, 0))
			OR (actor = 'system') <> (actor_id IS NULL) OR action = 'withdraw' AND actor NOT IN ('buyer', 'seller')`,
		"withdrawals too late": `SELECT s.id FROM ` + steps + ` JOIN orders o ON o.id = s.order_id WHERE action = 'withdraw' AND {seconds s.created_at} - {seconds o.created_at} > 900`,
		"withdrawals of one person in one day": `SELECT b.id FROM order_events a JOIN order_events b ON b.actor_id = a.actor_id AND b.id > a.id
			WHERE a.action = 'withdraw' AND b.action = 'withdraw' AND {seconds b.created_at} - {seconds a.created_at} < 86400`,
		"deadlines met before their time": `SELECT s.id FROM ` + steps + ` JOIN orders o ON o.id = s.order_id WHERE action = 'expire'
			AND ({seconds s.created_at} - {seconds s.since} < 172800 AND before <> 'shipping' OR {seconds s.created_at} - {seconds o.created_at} < 1209600 AND before = 'shipping')`,
	}
}

// moneyRules hold the ledger against what the orders say. Each row counts
// twice: it takes from one account and gives to another.
func moneyRules() map[string]string {
	const (
		lines = `(SELECT order_id, debit AS account, debit_user AS person, -amount AS amount FROM ledger
			UNION ALL SELECT order_id, credit, credit_user, amount FROM ledger) l`
		total   = "(o.price + o.buyer_fee)"
		penalty = `(CASE WHEN o.status = 'failed' THEN o.price * o.fail_penalty_bps / 10000 WHEN o.status = 'cancelled' AND o.reason = 'not_shipped' THEN o.price * o.penalty_bps / 10000 ELSE 0 END)`
		credit  = "(" + penalty + " * o.credit_bps / 10000)"
		held    = "(o.status IN ('matched', 'shipping', 'inspecting', 'passed', 'delivering') OR o.status = 'failed' AND o.resolution = '')"
		settled = "o.status = 'settled'"
	)
	balance := func(account, want string) string {
		return `SELECT o.id FROM orders o WHERE coalesce((SELECT sum(l.amount) FROM ` + lines + ` WHERE l.order_id = o.id AND l.account = '` + account + `'), 0) <> ` + want
	}
	when := func(condition, amount string) string {
		return "CASE WHEN " + condition + " THEN " + amount + " ELSE 0 END"
	}
	return map[string]string{
		"the ledger doesn't sum to nothing": `SELECT count(*) FROM ` + lines + ` HAVING coalesce(sum(l.amount), 0) <> 0`,
		"the escrow is not what the orders under way are worth": `SELECT count(*) FROM ` + lines + ` WHERE l.account = 'escrow'
			HAVING coalesce(sum(l.amount), 0) <> (SELECT coalesce(sum` + total + `, 0) FROM orders o WHERE ` + held + `)`,
		"orders whose escrow is wrong":          balance("escrow", when(held, total)),
		"buyers who paid or got back wrongly":   balance("buyer", when(held+" OR "+settled, "-"+total)+" + "+credit),
		"sellers who got or paid wrongly":       balance("seller", when(settled+" AND o.kind = 'trans'", "o.price - o.seller_fee")+" - "+penalty),
		"fees that were not earned":             balance("fees", when(settled, "o.buyer_fee + o.seller_fee")),
		"penalties that were not due":           balance("penalties", penalty+" - "+credit),
		"store goods that earned a wrong price": balance("store", when(settled+" AND o.kind = 'store'", "o.price - o.seller_fee")),
		"postings on somebody else's account": `SELECT l.order_id FROM ` + lines + ` JOIN orders o ON o.id = l.order_id
			WHERE l.account = 'buyer' AND l.person <> o.buyer_id OR l.account = 'seller' AND (o.seller_id IS NULL OR l.person <> o.seller_id)`,
		"escrow that was overdrawn in between": `SELECT order_id FROM (SELECT order_id, sum(CASE WHEN credit = 'escrow' THEN amount WHEN debit = 'escrow' THEN -amount ELSE 0 END)
			OVER (PARTITION BY order_id ORDER BY id) AS held FROM ledger) h WHERE held < 0`,
		"orders charged more than once": `SELECT order_id FROM ledger WHERE reason = 'charge' GROUP BY order_id HAVING count(*) > 1`,
	}
}

func marketRules() map[string]string {
	const (
		stands = "status NOT IN ('cancelled', 'failed') AND kind <> 'prize'"
		last   = "FROM orders o WHERE o.product_id = p.id AND " + stands + " ORDER BY created_at DESC, id DESC LIMIT 1)"
		days   = `(SELECT product_id, {day} AS day, max(price) AS high, min(price) AS low, count(*) AS volume, sum(price) AS total FROM orders WHERE ` + stands + ` GROUP BY 1, 2)`
	)
	return map[string]string{
		"products with a wrong last price": `SELECT p.id FROM products p WHERE coalesce(p.last_price, 0) <> coalesce((SELECT price ` + last + `, 0)`,
		"products with a wrong last trade": `SELECT p.id FROM products p WHERE coalesce({seconds p.last_trade_at}, 0) <> coalesce((SELECT {seconds created_at} ` + last + `, 0)`,
		"days that no trades made": `SELECT d.product_id FROM price_days d LEFT JOIN ` + days + ` o ON o.product_id = d.product_id AND o.day = d.day
			WHERE o.day IS NULL OR d.high <> o.high OR d.low <> o.low OR d.volume <> o.volume OR d.total <> o.total`,
		"trades that made no day": `SELECT o.product_id FROM ` + days + ` o LEFT JOIN price_days d ON d.product_id = o.product_id AND d.day = o.day WHERE d.day IS NULL`,
		"days with a wrong close": `SELECT d.product_id FROM price_days d WHERE d.close <> coalesce((SELECT price FROM (SELECT id, price, product_id, created_at, {day} AS day FROM orders WHERE ` + stands + `) o
			WHERE o.product_id = d.product_id AND o.day = d.day ORDER BY o.created_at DESC, o.id DESC LIMIT 1), 0)`,
		"goods sold more often than they were there": `SELECT id FROM products WHERE stock < 0`,
	}
}
