package main

import "testing"

func TestParseTPS(t *testing.T) {
	const good = "number of transactions actually processed: 4433\nnumber of failed transactions: 0 (0.000%)\nlatency average = 3.6 ms\ninitial connection time = 13.1 ms\ntps = 2217.450135 (without initial connection time)\n"
	if got, err := parseTPS(good); err != nil || got != 2217.450135 {
		t.Errorf("parseTPS = %v, %v", got, err)
	}
	for _, bad := range []string{"", "number of failed transactions: 3 (1.000%)\ntps = 10.0 (without initial connection time)\n"} {
		if got, err := parseTPS(bad); err == nil {
			t.Errorf("parseTPS(%q) = %v", bad, got)
		}
	}
}

func TestDemoLogin(t *testing.T) {
	email, password, err := demoLogin("\nLogins of the demo world:\n  shopper  shopper@rally.test   password wind-over-namsan\n  seller   seller@rally.test    password other\n")
	if err != nil || email != "shopper@rally.test" || password != "wind-over-namsan" {
		t.Errorf("demoLogin = %q, %q, %v", email, password, err)
	}
	if _, _, err := demoLogin("nothing"); err == nil {
		t.Error("found a login in nothing")
	}
}

func TestGoods(t *testing.T) {
	g := goods{info: 61, product: 700}
	// Article 0 has ALL at 700 and its ten sizes at 701…710; article 1 follows.
	for _, c := range []struct{ got, want int64 }{
		{g.all(0), 700}, {g.all(1), 711}, {g.size(0), 701}, {g.size(9), 710}, {g.size(10), 712}, {g.size(articles*sizes - 1), 700 + 99*rowsOfInfo + 10},
	} {
		if c.got != c.want {
			t.Errorf("got product %d, want %d", c.got, c.want)
		}
	}
}

func TestBookVersion(t *testing.T) {
	if v, ok := bookVersion([]byte(`{"t":"shop.book:7","d":{"product":7,"version":97}}`)); !ok || v != 97 {
		t.Errorf("bookVersion = %d, %v", v, ok)
	}
	for _, other := range []string{`{"t":"hello","d":{"protocol":1}}`, `{"t":"error","d":{"code":"x"}}`, "no JSON"} {
		if v, ok := bookVersion([]byte(other)); ok {
			t.Errorf("bookVersion(%s) = %d", other, v)
		}
	}
}
