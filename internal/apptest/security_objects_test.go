package apptest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
)

// estate makes objects of one person, for others to put their hands on.
type estate struct {
	t     *testing.T
	s     *apptest.Server
	site  *oauthtest.Server
	owner *apptest.Client
	buyer *apptest.Client
	sh    shelf
	n     int
	last  int64 // product that was dealt in
}

// openPaths name what is everybody's: whoever is logged in may do it, for
// themselves. Some are paths, for whatever is done there, others single operations.
func openPaths() map[string]string {
	return map[string]string{
		base + "oauth/{provider}/link/":         "the provider is everybody's; the link is the caller's",
		base + "oauth/{provider}/reauth/":       "the provider is everybody's; the proof is the caller's",
		"/api/shop/products/{id}/bids/":         "anybody may bid",
		"/api/shop/products/{id}/transorders/":  "anybody may trade",
		"/api/shop/products/{id}/storeorders/":  "anybody may buy",
		"/api/shop/products/{id}/wishes/":       "the wish is the caller's",
		"/api/shop/productinfos/{id}/sizes/":    "shows the caller's own wishes",
		"/api/shop/productinfos/{id}/wishes/":   "shows the caller's own wishes",
		"/api/shop/productinfos/{id}/comments/": "anybody may comment",
		"/api/shop/comments/{id}/replies/":      "anybody may reply",
		"/api/friends/{user_id}/":               "the friendship is the caller's",
		"/api/friends/blocks/{user_id}/":        "the block is the caller's",
		"/api/shop/comments/{id}/like/":         "the like is the caller's",
		"/api/shop/replies/{id}/like/":          "the like is the caller's",
		"/api/friends/mutes/{user_id}/":         "the mute is the caller's",

		"/api/styles/posts/{id}/comments/":             "anybody may comment",
		"/api/styles/comments/{id}/replies/":           "anybody may reply",
		"/api/styles/profiles/{id}/follow/":            "the follow is the caller's",
		"/api/styles/profiles/{id}/followers/":         "members see who follows whom",
		"/api/styles/profiles/{id}/followings/":        "members see who follows whom",
		"/api/styles/posts/{id}/like/":                 "the like is the caller's",
		"/api/styles/comments/{id}/like/":              "the like is the caller's",
		"/api/styles/replies/{id}/like/":               "the like is the caller's",
		"/api/styles/posts/{id}/likes/":                "members see who likes what",
		"/api/styles/comments/{id}/likes/":             "members see who likes what",
		"/api/styles/replies/{id}/likes/":              "members see who likes what",
		"GET /api/styles/comments/{id}/":               "members see what is said",
		"GET /api/styles/replies/{id}/":                "members see what is said",
		"/api/styles/posts/{id}/report/":               "the report is the caller's",
		"/api/styles/comments/{id}/report/":            "the report is the caller's",
		"/api/styles/replies/{id}/report/":             "the report is the caller's",
		"/api/styles/profiles/{id}/report/":            "the report is the caller's",
		"/api/pong/tournaments/{id}/join/":             "anybody may enter",
		"/api/pong/tournaments/{id}/leave/":            "the entry is the caller's",
		"/api/styles/{object_type}/{object_id}/like/":  "refuses everybody",
		"/api/styles/{object_type}/{object_id}/likes/": "refuses everybody",
	}
}

// readable are the objects that everybody may read: a stranger is told by a code
// that they may not change them, since there is nothing to hide.
func readable() map[string]string {
	const forbidden = "auth.forbidden"
	return map[string]string{
		"/api/shop/comments/{id}/": forbidden, "/api/shop/replies/{id}/": forbidden,
		"/api/styles/posts/{id}/": forbidden, "/api/styles/comments/{id}/": forbidden, "/api/styles/replies/{id}/": forbidden, "/api/styles/profiles/{id}/": forbidden,
		"/api/pong/matches/{id}/forfeit/": "pong.not_yours", "/api/pong/matches/{id}/rematch/": "pong.not_yours",
		"/api/pong/tournaments/{id}/start/": "pong.not_organiser", "/api/pong/tournaments/{id}/cancel/": "pong.not_organiser",
	}
}

// objects says how to make an object for each path that names one. It returns
// the path, filled.
func objects() map[string]func(*estate) string {
	article := func(rest string) func(*estate) string {
		return func(e *estate) string {
			info := e.sh.info(nil)
			e.sh.size(info, "260")
			return infoPath(info, rest)
		}
	}
	return map[string]func(*estate) string{
		base + "sessions/{id}/":           (*estate).session,
		askPathOf("accept/"):              func(e *estate) string { return askPath(asked(e.t, e.s.Person(), e.owner), "accept/") },
		askPathOf("decline/"):             func(e *estate) string { return askPath(asked(e.t, e.s.Person(), e.owner), "decline/") },
		askPathOf(""):                     func(e *estate) string { return askPath(asked(e.t, e.owner, e.s.Person()), "") },
		base + "devices/{id}/":            (*estate).device,
		base + "passkeys/{id}/":           (*estate).passkey,
		base + "oauth/identities/{id}/":   (*estate).identity,
		"/api/shop/salesbids/{id}/":       func(e *estate) string { return bidPath("sales", ask(e.t, e.owner, e.sh.traded(), 100000)) },
		"/api/shop/purchasebids/{id}/":    func(e *estate) string { return bidPath("purchase", offer(e.t, e.owner, e.sh.traded(), 100000)) },
		"/api/shop/orders/{id}/":          (*estate).order,
		"/api/shop/orders/{id}/withdraw/": deals("matched", "withdraw/"),
		"/api/shop/orders/{id}/ship/":     deals("matched", "ship/"),
		"/api/shop/orders/{id}/receive/":  deals("shipping", "receive/"),
		"/api/shop/orders/{id}/pass/":     deals("inspecting", "pass/"),
		"/api/shop/orders/{id}/fail/":     deals("inspecting", "fail/"),
		"/api/shop/orders/{id}/dispatch/": deals("passed", "dispatch/"),
		"/api/shop/orders/{id}/confirm/":  bought("delivering", "confirm/"),
		"/api/shop/orders/{id}/refund/":   bought("failed", "refund/"),
		"/api/shop/orders/{id}/rebuy/":    bought("failed", "rebuy/"),
		"/api/shop/orders/{id}/cancel/":   deals("passed", "cancel/"),
		"/api/shop/orders/{id}/undo/":     deals("passed", "undo/"),
		"/api/admin/shop/orders/{id}/":    func(e *estate) string { return strings.Replace(e.order(), "/api/shop/", "/api/admin/shop/", 1) },
		"/api/admin/shop/bids/{id}/": func(e *estate) string {
			return fmt.Sprintf("/api/admin/shop/bids/%d/", ask(e.t, e.owner, e.sh.traded(), 100000))
		},
		"/api/admin/shop/fees/{id}/":                   func(e *estate) string { return planned(&works{bazaar: bazaar{t: e.t, staff: e.sh.staff}}) },
		"/api/shop/brands/{id}/":                       func(e *estate) string { return fmt.Sprintf("/api/shop/brands/%d/", newShelf(e.t, e.sh.staff).brand) },
		"/api/shop/productinfos/{id}/":                 article(""),
		"/api/shop/productinfos/{id}/products/":        article("products/"),
		"/api/shop/productinfos/{id}/products/{size}/": article("products/260/"),
		"/api/shop/productinfos/{id}/images/":          article("images/"),
		"/api/shop/productimages/{id}/":                (*estate).picture,
		"/api/shop/comments/{id}/":                     func(e *estate) string { return commentPath(e.comment(), "") },
		"/api/shop/replies/{id}/":                      func(e *estate) string { return replyPath(replyTo(e.t, e.owner, e.comment(), "mine").ID, "") },
		"/api/styles/profiles/{id}/":                   func(e *estate) string { return personPath(e.owner.UserID, "") },
		"/api/styles/posts/{id}/":                      func(e *estate) string { return postPath(post(e.t, e.owner, "mine").ID, "") },
		"/api/styles/comments/{id}/":                   func(e *estate) string { return saidPath(e.saying(), "") },
		"/api/styles/replies/{id}/":                    func(e *estate) string { return answerPath(answerTo(e.t, e.owner, e.saying(), "mine").ID, "") },
		"/api/styles/reports/{id}/hide/":               reported("hide/"),
		"/api/styles/reports/{id}/dismiss/":            reported("dismiss/"),
		"/api/styles/reports/{id}/restore/":            reported("restore/"),
		"/api/pong/matches/{id}/accept/":               func(e *estate) string { return matchPath(inviteTo(e.t, e.s.Person(), e.owner.UserID, 3).ID, "accept/") },
		"/api/pong/matches/{id}/decline/": func(e *estate) string {
			return matchPath(inviteTo(e.t, e.s.Person(), e.owner.UserID, 3).ID, "decline/")
		},
		"/api/pong/matches/{id}/cancel/":     func(e *estate) string { return matchPath(inviteTo(e.t, e.owner, e.s.Person().UserID, 3).ID, "cancel/") },
		"/api/pong/matches/{id}/forfeit/":    func(e *estate) string { return matchPath(agreed(e.t, e.owner, e.s.Person(), 3).ID, "forfeit/") },
		"/api/pong/matches/{id}/rematch/":    (*estate).match,
		"/api/pong/tournaments/{id}/start/":  tournament("start/"),
		"/api/pong/tournaments/{id}/cancel/": tournament("cancel/"),
		"/api/pong/tournaments/{id}/prize/":  tournament("prize/"),
	}
}

func askPathOf(rest string) string { return asksPath + "{id}/" + rest }

func (e *estate) session() string {
	var before, after pageOf[idOf]
	before = apptest.Into[pageOf[idOf]](e.t, e.owner.Get(base+"sessions/").Want(e.t, 200))
	login(e.t, e.s.Anonymous(), emailOf(e.t, e.owner))
	after = apptest.Into[pageOf[idOf]](e.t, e.owner.Get(base+"sessions/").Want(e.t, 200))
	if len(after.Results) != len(before.Results)+1 {
		e.t.Fatalf("%d sessions, then %d", len(before.Results), len(after.Results))
	}
	return fmt.Sprintf("%ssessions/%d/", base, after.Results[1].ID) // the caller's own is the first
}

// device needs an account of its own: one with a second step.
func (e *estate) device() string {
	e.owner = e.s.Person()
	g := guard(e.t, e.s, e.owner)
	browser, _ := g.pending()
	browser.Post(base+"login/otp/", M{"code": g.code(), "trust_device": true}).Want(e.t, 200)
	list := apptest.Into[pageOf[idOf]](e.t, e.owner.Get(base+"devices/").Want(e.t, 200))
	return fmt.Sprintf("%sdevices/%d/", base, list.Results[0].ID)
}

// passkey stores one directly: a real one takes an authenticator.
func (e *estate) passkey() string {
	e.n++
	_, err := db.Exec(e.t.Context(), e.s.DB, "INSERT INTO passkeys (user_id, credential_id, credential, name, created_at) VALUES ($1, $2, $3, 'Mine', $4)",
		e.owner.UserID, fmt.Appendf(nil, "credential %d", e.n), []byte("{}"), e.s.Clock.Now())
	if err != nil {
		e.t.Fatal(err)
	}
	return fmt.Sprintf("%spasskeys/%d/", base, count(e.t, e.s, "SELECT max(id) FROM passkeys"))
}

func (e *estate) identity() string {
	e.owner = e.s.Person()
	e.n++
	e.site.SetPerson(fmt.Sprint(5000+e.n), fmt.Sprintf("elsewhere%d@example.com", e.n), true)
	depart(e.t, e.owner, "google", "link", "/")
	list := apptest.Into[pageOf[idOf]](e.t, e.owner.Get(oauthPath("identities", "")).Want(e.t, 200))
	return fmt.Sprintf("%soauth/identities/%d/", base, list.Results[0].ID)
}

func (e *estate) order() string {
	p := e.sh.traded()
	ask(e.t, e.owner, p, 100000)
	return orderPath(apptest.Into[idOf](e.t, buy(e.buyer, p, nil).Want(e.t, 201)).ID, "")
}

// deals makes an order of the owner, who sells in it, and takes it on to a
// status; in bought they buy.
func deals(at, step string) func(*estate) string {
	return func(e *estate) string { return e.deal(at, step, e.owner, e.buyer) }
}

func bought(at, step string) func(*estate) string {
	return func(e *estate) string {
		path := e.deal(at, step, e.buyer, e.owner)
		if step == "rebuy/" {
			ask(e.t, e.buyer, e.last, 100000)
		}
		return path
	}
}

func (e *estate) deal(at, step string, seller, buyer *apptest.Client) string {
	e.last = e.sh.traded()
	b := bazaar{t: e.t, s: e.s, staff: e.sh.staff, seller: seller, buyer: buyer, sh: e.sh, p: e.last}
	return orderPath(b.at(at, 100000), step)
}

func (e *estate) comment() int64 { return comment(e.t, e.owner, e.sh.info(nil), "mine").ID }

// saying makes a comment of the owner on a post of their own.
func (e *estate) saying() int64 { return say(e.t, e.owner, post(e.t, e.owner, "mine").ID, "mine").ID }

// reported makes a case about a post of the owner.
func reported(step string) func(*estate) string {
	return func(e *estate) string {
		return casePath(reportOf(e.t, e.sh.staff, e.s.Person(), postPath(post(e.t, e.owner, "mine").ID, "")), step)
	}
}

// match makes one that the owner has won.
func (e *estate) match() string {
	loser := e.s.Person()
	m := agreed(e.t, e.owner, loser, 3)
	underWay(e.t, e.s, m.ID)
	loser.Post(matchPath(m.ID, "forfeit/"), nil).Want(e.t, 200)
	return matchPath(m.ID, "rematch/")
}

func tournament(step string) func(*estate) string {
	return func(e *estate) string { return cupPath(openCup(e.t, e.owner), step) }
}

func (e *estate) picture() string {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		e.t.Fatal(err)
	}
	r := upload(e.t, e.sh.staff, e.sh.info(nil), "product_image", file.Bytes()).Want(e.t, 201)
	return fmt.Sprintf("/api/shop/productimages/%d/", apptest.Into[idOf](e.t, r).ID)
}

// Whoever guesses the number of something that is somebody else's learns
// nothing of it and changes nothing.
func TestNobodyTouchesWhatIsSomebodyElses(t *testing.T) {
	site := oauthtest.Google(t)
	s := apptest.Start(t, db.SQLite, site.Settings())
	site.Allow(s.URL + oauthPath("google", "callback/"))
	stranger := s.Person()
	e := &estate{t: t, s: s, site: site, buyer: s.Person(), sh: newShelf(t, s.Staff())}
	body := M{"name": "Taken", "price": 200000, "expires_in_days": 7, "eng_name": "Taken", "size": "270", "stock": 1, "purchase_price": 100, "content": "Taken", "carrier": "Taken", "tracking": "Taken", "reason": "Taken"}

	list, _ := operations(t, s)
	open, table, used := openPaths(), objects(), map[string]bool{}
	for _, c := range list {
		if !c.secured() || !strings.Contains(c.path, "{") {
			continue
		}
		what := c.method + " " + c.path
		used[c.path], used[what] = true, true
		if open[c.path] != "" || open[what] != "" {
			continue
		}
		object, known := table[c.path]
		if !known {
			t.Errorf("%s names an object: say in objects how to make one, or in openPaths why it is everybody's", what)
			continue
		}
		e.owner = s.Person()
		path := object(e)
		before := contents(t, s)
		for _, sent := range []any{nil, M{}} { // which may be wrong in other ways
			r := stranger.Do(c.method, path, sent)
			if wantProblem(t, what, r); r.Status < 400 || r.Status >= 500 {
				t.Errorf("%s of another person: %d %s", what, r.Status, r.Body)
			}
		}
		// With a whole body there is no other excuse, and what isn't there is
		// answered alike.
		r := stranger.Do(c.method, path, body)
		nothing := stranger.Do(c.method, c.filled(), body)
		hidden := (r.Status == 403 || r.Status == 404) && nothing.Code() == r.Code()
		if code := readable()[c.path]; code != "" {
			hidden = r.Status == 403 && r.Code() == code && nothing.Status == 404
		}
		if !hidden {
			t.Errorf("%s of another person: %d %q; of nobody: %d %q", what, r.Status, r.Code(), nothing.Status, nothing.Code())
		}
		wantUnchanged(t, s, what+" of another person", before)

		// Its owner is not refused: the object was there.
		owner := e.owner
		if c.ofStaff() {
			owner = e.sh.staff
		}
		if r := owner.Do(c.method, path, body); r.Status == 401 || r.Status == 403 || r.Status == 404 || r.Status >= 500 {
			t.Errorf("%s of the owner: %d %s", what, r.Status, r.Body)
		}
	}
	for path := range open {
		if !used[path] {
			t.Errorf("openPaths lists %s, which isn't there", path)
		}
	}
	for path := range table {
		if !used[path] {
			t.Errorf("objects lists %s, which isn't there", path)
		}
	}
}
