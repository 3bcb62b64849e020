package apptest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rally/internal/apptest"
)

// persona is somebody's profile. Following is a bool, a text or nil.
type persona struct {
	stylist

	Introduction  string
	NumPosts      int64 `json:"num_posts"`
	NumFollowers  int64 `json:"num_followers"`
	NumFollowings int64 `json:"num_followings"`
	Muted         *bool
}

func personaOf(t *testing.T, c *apptest.Client, id int64) persona {
	t.Helper()
	return apptest.Into[persona](t, c.Get(personPath(id, "")).Want(t, 200))
}

func namedPath(name string) string { return stylePath + "people/" + url.PathEscape(name) + "/" }

func TestStyleAProfileIsRead(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, fan, idol, stranger := s.Person(), s.Person(), s.Person(), s.Person()
		rename(t, me, "가온.나리")
		follow(t, fan, me.UserID)
		follow(t, me, idol.UserID)
		follow(t, me, fan.UserID)
		for range 3 {
			post(t, me, "words")
		}
		r := s.Anonymous().Get(personPath(me.UserID, "")).Want(t, 200)
		if keys := keysOf(t, r.Body); keys != "[following image introduction num_followers num_followings num_posts profile_name user_id user_name]" {
			t.Errorf("a profile has %s", keys)
		}
		if !bytes.Contains(r.Body, []byte(`"image":null`)) {
			t.Errorf("no picture: %s", r.Body)
		}
		yes, no := true, false
		for c, want := range map[*apptest.Client]struct {
			following any
			muted     *bool
		}{s.Anonymous(): {"login required", nil}, me: {nil, nil}, fan: {true, &no}, stranger: {false, &no}} {
			p := personaOf(t, c, me.UserID)
			if p.UserID != me.UserID || p.ProfileName != "가온.나리" || p.NumPosts != 3 || p.NumFollowers != 1 || p.NumFollowings != 2 || p.Following != want.following || fmt.Sprint(p.Muted == nil) != fmt.Sprint(want.muted == nil) || p.Muted != nil && *p.Muted != *want.muted {
				t.Errorf("person %d reads %+v", c.UserID, p)
			}
			// The same under the name, however that is written.
			for _, name := range []string{"가온.나리", "\u1100\u1161\u110b\u1169\u11ab.나리"} {
				if byName, byID := c.Get(namedPath(name)).Want(t, 200), c.Get(personPath(me.UserID, "")); !bytes.Equal(byName.Body, byID.Body) {
					t.Errorf("by %q: %s, by id: %s", name, byName.Body, byID.Body)
				}
			}
		}
		mute(t, stranger, me.UserID)
		if p := personaOf(t, stranger, me.UserID); p.Muted == nil || *p.Muted != yes {
			t.Errorf("muted: %+v", p)
		}
		for _, path := range []string{personPath(999999, ""), personPath(0, ""), personPath(-1, ""), namedPath("nobody.here"), namedPath("x"), namedPath(strings.Repeat("x", 300)), namedPath("@가온.나리")} {
			me.Get(path).WantCode(t, 404, "style.profile_not_found")
		}

		// Whoever blocks, or is blocked, is as good as nobody.
		blocks(idol, me.UserID).Want(t, 201)
		for _, pair := range [][2]*apptest.Client{{me, idol}, {idol, me}} {
			for _, path := range []string{personPath(pair[1].UserID, ""), namedPath(nameOf(t, pair[1]))} {
				hiddenAs(t, pair[0].Get(path), pair[0].Get(personPath(999999, "")))
			}
			for _, rest := range []string{"followers/", "followings/"} {
				pair[0].Get(personPath(pair[1].UserID, rest)).WantCode(t, 404, "style.profile_not_found")
			}
			pair[0].Patch(personPath(pair[1].UserID, "follow/"), nil).WantCode(t, 404, "style.profile_not_found")
			pair[0].Patch(personPath(pair[1].UserID, ""), M{"introduction": "x"}).WantCode(t, 404, "style.profile_not_found")
		}
		personaOf(t, s.Staff(), idol.UserID)
		// So is whoever left, to everybody, until they come back.
		email := emailOf(t, me)
		me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		for _, c := range []*apptest.Client{fan, s.Anonymous(), s.Staff()} {
			c.Get(personPath(me.UserID, "")).WantCode(t, 404, "style.profile_not_found")
			c.Get(namedPath("가온.나리")).WantCode(t, 404, "style.profile_not_found")
		}
		login(t, me, email)
		if p := personaOf(t, fan, me.UserID); p.NumPosts != 3 || p.NumFollowers != 1 || p.Following != true {
			t.Errorf("back again: %+v", p)
		}
	})
}

func TestStyleTheStaffListsProfiles(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, people := s.Staff(), s.People(5)
		for i, p := range people {
			rename(t, p, []string{"mina.a", "MINA.b", "other", "mina_c", "mi"}[i])
		}
		follow(t, people[0], people[1].UserID)
		follow(t, staff, people[1].UserID)
		mute(t, staff, people[1].UserID)
		blocks(people[0], staff.UserID).Want(t, 201)
		const path = stylePath + "profiles/"
		of := func(query string, size int) string {
			return who(walk[persona](t, s, staff, path+query, size), func(p persona) int64 { return p.UserID })
		}
		want := ids(people[4].UserID, people[3].UserID, people[2].UserID, people[1].UserID, people[0].UserID, staff.UserID)
		for _, size := range []int{1, 2, 6, 100} {
			if got := of("", size); got != want {
				t.Errorf("pages of %d: %s, want %s", size, got, want)
			}
		}
		if got := of("?search=mina", 1); got != ids(people[3].UserID, people[1].UserID, people[0].UserID) {
			t.Errorf("searched: %s", got)
		}
		list := walk[persona](t, s, staff, path+"?search=MINA.", 100)
		if len(list) != 2 || list[0].NumFollowers != 2 || list[0].Following != true || list[0].Muted != nil || list[1].NumFollowings != 1 || list[1].Following != false {
			t.Errorf("the list: %+v", list)
		}
		people[2].Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		if got := of("?search=other", 100); got != "" {
			t.Errorf("who left is listed: %s", got)
		}
		hostileLists(t, staff, path, path+"?search=mi")
		people[0].Get(path).WantCode(t, 403, "auth.forbidden")
		s.Anonymous().Get(path).WantCode(t, 401, "auth.required")
	})
}

func TestStyleAProfileIsChanged(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		path := personPath(me.UserID, "")
		post(t, me, "words")
		change := func(method string, body M) persona {
			t.Helper()
			return apptest.Into[persona](t, me.Do(method, path, body).Want(t, 200))
		}
		if p := change("PATCH", M{"profile_name": "first", "introduction": " Hello.\nI run. "}); p.ProfileName != "first" || p.Introduction != "Hello.\nI run." || p.NumPosts != 1 || p.Following != nil || p.Muted != nil {
			t.Errorf("changed: %+v", p)
		}
		if p := change("PUT", M{"introduction": ""}); p.ProfileName != "first" || p.Introduction != "" {
			t.Errorf("what is not sent stays: %+v", p)
		}
		if p := change("PATCH", M{}); p.ProfileName != "first" {
			t.Errorf("nothing: %+v", p)
		}
		if p := apptest.Into[persona](t, form(me, "PATCH", path, url.Values{"profile_name": {"second"}, "introduction": {"by form"}}).Want(t, 200)); p.ProfileName != "second" || p.Introduction != "by form" {
			t.Errorf("a form: %+v", p)
		}
		if p := apptest.Into[persona](t, attach(t, me, http.MethodPut, path, url.Values{"profile_name": {"third"}}).Want(t, 200)); p.ProfileName != "third" || p.Introduction != "by form" {
			t.Errorf("a form of parts: %+v", p)
		}
		for _, c := range []*apptest.Client{me, other, s.Anonymous()} {
			if p := personaOf(t, c, me.UserID); p.ProfileName != "third" {
				t.Errorf("person %d reads %+v", c.UserID, p)
			}
		}

		// A name is somebody's once, however it is written, and has 15 characters.
		rename(t, other, "Mina")
		for name, taken := range map[string]bool{"mina": true, "ＭＩＮＡ": true, " MINA ": true, "": false, "m": false, strings.Repeat("n", 16): false, strings.Repeat("가", 16): false, "a b": false, "a\x00b": false, "a@b": false, "mina\u200b": false} {
			r := me.Patch(path, M{"profile_name": name, "introduction": "not this"})
			if r.Status != 400 {
				t.Errorf("%q: %d %s", name, r.Status, r.Body)
			} else if !strings.Contains(name, "\x00") {
				wantField(t, r, "profile_name")
			}
			if said := strings.Contains(string(r.Body), "already"); said != taken {
				t.Errorf("%q: %s", name, r.Body)
			}
		}
		wantField(t, me.Patch(path, M{"introduction": strings.Repeat("글", 101)}), "introduction")
		if p := personaOf(t, me, me.UserID); p.ProfileName != "third" || p.Introduction != "by form" {
			t.Errorf("after refused changes: %+v", p)
		}
		longest := strings.Repeat("가", 15)
		if p := change("PATCH", M{"profile_name": longest}); p.ProfileName != longest {
			t.Errorf("15 characters: %+v", p)
		}
		change("PATCH", M{"profile_name": strings.ToUpper("third")}) // one's old name is free, and one's own
		change("PATCH", M{"profile_name": "third"})

		// Nobody changes another's; the staff neither.
		for _, c := range []*apptest.Client{other, s.Staff()} {
			c.Patch(path, M{"introduction": "theirs"}).WantCode(t, 403, "auth.forbidden")
			attach(t, c, http.MethodPatch, path, nil, drawn(t, 4, 4)).WantCode(t, 403, "auth.forbidden")
		}
		s.Anonymous().Patch(path, M{"introduction": "theirs"}).WantCode(t, 401, "auth.required")
		other.Patch(personPath(999999, ""), M{}).WantCode(t, 404, "style.profile_not_found")
		if left := filesOf(t, s, "people"); len(left) != 0 {
			t.Errorf("pictures of nobody: %v", left)
		}

		// Ten names an hour are enough. What comes to nothing doesn't count.
		for i := range 10 - 6 {
			change("PATCH", M{"profile_name": fmt.Sprintf("name%d", i)})
		}
		r := attach(t, me, http.MethodPatch, path, url.Values{"profile_name": {"one.more"}}, drawn(t, 4, 4))
		if r.Status != 429 || r.Header.Get("Retry-After") == "" {
			t.Errorf("the eleventh name: %d %s", r.Status, r.Body)
		}
		if left := filesOf(t, s, "people"); len(left) != 0 || personaOf(t, me, me.UserID).Image != nil {
			t.Errorf("a picture stays of what was refused: %v", left)
		}
		if p := change("PATCH", M{"introduction": "still"}); p.Introduction != "still" || p.ProfileName != "name3" {
			t.Errorf("%+v", p)
		}
	})
}

func TestStyleAProfileHasAPicture(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		path := personPath(me.UserID, "")
		set := func(file []byte) *string {
			t.Helper()
			return apptest.Into[persona](t, attach(t, me, http.MethodPatch, path, nil, file).Want(t, 200)).Image
		}
		first := set(drawn(t, 900, 30))
		if first == nil || !strings.HasPrefix(*first, s.URL+"/media/people/") {
			t.Fatalf("the picture is at %v", first)
		}
		kept := filesOf(t, s, "people")
		if len(kept) != 3 { // in three sizes
			t.Errorf("files of one picture: %v", kept)
		}
		s.Anonymous().Get(strings.TrimPrefix(*first, s.URL)).Want(t, 200)
		shown := post(t, me, "words")
		for what, image := range map[string]*string{"the profile": personaOf(t, s.Anonymous(), me.UserID).Image, "a post": shown.CreatedBy.Image, "a search": searched(t, me, nameOf(t, me)).People[0].Image} {
			if image == nil || *image != *first {
				t.Errorf("%s shows %v", what, image)
			}
		}

		// The next takes its place, and its files.
		second := set(drawn(t, 900, 40))
		if *second == *first || len(filesOf(t, s, "people")) != 3 || slices.Equal(filesOf(t, s, "people"), kept) {
			t.Errorf("%s takes the place of %s: %v", *second, *first, filesOf(t, s, "people"))
		}
		s.Anonymous().Get(strings.TrimPrefix(*first, s.URL)).Want(t, 404)

		// What is no picture, or too much of one, changes nothing.
		big := append(drawn(t, 4, 4), make([]byte, 10<<20)...)
		for what, c := range map[string]struct {
			file   []byte
			status int
			code   string
		}{"text": {[]byte("no picture"), 400, "blob.unsupported_type"}, "nothing": {nil, 400, "blob.unsupported_type"}, "half of one": {drawn(t, 30, 30)[:60], 400, "blob.bad_image"}, "11 MB": {big, 413, "blob.too_large"}, "12 MB": {append(big, make([]byte, 2<<20)...), 413, ""}} {
			r := attach(t, me, http.MethodPatch, path, url.Values{"introduction": {what}}, c.file)
			if r.Status != c.status || c.code != "" && r.Code() != c.code {
				t.Errorf("%s: %d %s", what, r.Status, r.Body)
			}
		}
		if p := personaOf(t, me, me.UserID); p.Image == nil || *p.Image != *second || p.Introduction != "" || len(filesOf(t, s, "people")) != 3 {
			t.Errorf("after refused pictures: %+v, %v", p, filesOf(t, s, "people"))
		}

		// An address changes nothing, and no picture is wanted when none is named.
		for _, body := range []M{{"image": *first}, {"image": "https://elsewhere.example/x.png"}, {"image": nil}, {"introduction": "words"}} {
			if p := apptest.Into[persona](t, me.Patch(path, body).Want(t, 200)); p.Image == nil || *p.Image != *second {
				t.Errorf("%v: %+v", body, p)
			}
		}
		if p := apptest.Into[persona](t, form(me, "PATCH", path, url.Values{"image": {""}}).Want(t, 200)); p.Image != nil || len(filesOf(t, s, "people")) != 0 {
			t.Errorf("taken away: %+v, %v", p, filesOf(t, s, "people"))
		}
		set(drawn(t, 4, 4))
		if p := apptest.Into[persona](t, me.Patch(path, M{"image": ""}).Want(t, 200)); p.Image != nil || len(filesOf(t, s, "people")) != 0 {
			t.Errorf("taken away again: %+v", p)
		}

		// Of pictures that come at once one stays, and only its files.
		var work []func()
		for i := range 8 {
			file := drawn(t, 4, 4+i)
			work = append(work, func() { wantOneOf(t, attach(t, me, http.MethodPatch, path, nil, file), 200) })
		}
		together(work...)
		if p, left := personaOf(t, me, me.UserID), filesOf(t, s, "people"); p.Image == nil || len(left) != 1 || !strings.HasSuffix(*p.Image, left[0]) {
			t.Errorf("%v is shown, the files are %v", p.Image, left)
		}
	})
}

// discovered is what a search answers.
type discovered struct {
	People []persona
	Tags   []struct {
		Tag      string
		NumPosts int `json:"num_posts"`
	}
}

func searched(t *testing.T, c *apptest.Client, q string) discovered {
	t.Helper()
	return apptest.Into[discovered](t, c.Get(stylePath+"search/?q="+url.QueryEscape(q)).Want(t, 200))
}

func TestStyleSearchFindsPeopleAndTags(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other, foe, left := s.Person(), s.Person(), s.Person(), s.Person()
		for c, name := range map[*apptest.Client]string{me: "solbit.me", other: "solbit.b", foe: "Solbit.foe", left: "solbit.left"} {
			c.Patch(personPath(c.UserID, ""), M{"profile_name": name, "introduction": "I am " + name}).Want(t, 200)
		}
		for _, words := range []string{"#Solbit #run", "#solbit twice #SOLBIT", "#솔빛 #solbit_run"} {
			post(t, other, words)
		}
		follow(t, me, other.UserID)
		people := func(c *apptest.Client, q string) string {
			t.Helper()
			var list []string
			for _, p := range searched(t, c, q).People {
				list = append(list, p.ProfileName)
			}
			return strings.Join(list, " ")
		}
		for q, want := range map[string]string{"solbit": "solbit.b Solbit.foe solbit.left solbit.me", "SOLBIT.": "solbit.b Solbit.foe solbit.left solbit.me", "@solbit.m": "solbit.me", "#solbit": "", "bit": "", "ｓｏｌｂｉｔ．ｂ": "solbit.b"} {
			if got := people(s.Anonymous(), q); got != want {
				t.Errorf("%q finds %q, want %q", q, got, want)
			}
		}
		r := me.Get(stylePath+"search/?q=solbit.b").Want(t, 200)
		if found := apptest.Into[discovered](t, r); found.People[0].Following != true || found.People[0].Introduction != "I am solbit.b" || !bytes.Contains(r.Body, []byte(`"tags":[]`)) {
			t.Errorf("found: %s", r.Body)
		}
		if found := apptest.Into[discovered](t, s.Anonymous().Get(stylePath+"search/?q=solbit.b").Want(t, 200)); found.People[0].Following != "login required" {
			t.Errorf("found: %+v", found)
		}
		for q, want := range map[string]string{"solbit": "[{solbit 2} {solbit_run 1}]", "#SOLBIT": "[{solbit 2} {solbit_run 1}]", "솔": "[{솔빛 1}]", "zzz": "[]", "@solbit": "[]"} {
			if got := fmt.Sprint(searched(t, s.Anonymous(), q).Tags); got != want {
				t.Errorf("%q finds tags %s, want %s", q, got, want)
			}
		}

		// Left out are whoever left, and whom one doesn't see.
		left.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		blocks(foe, me.UserID).Want(t, 201)
		mute(t, me, other.UserID)
		for c, want := range map[*apptest.Client]string{me: "solbit.me", foe: "solbit.b Solbit.foe", other: "solbit.b Solbit.foe solbit.me", s.Staff(): "solbit.b Solbit.foe solbit.me"} {
			if got := people(c, "solbit"); got != want {
				t.Errorf("person %d finds %q, want %q", c.UserID, got, want)
			}
		}
		for _, q := range []string{"", "%20", strings.Repeat("a", 51), "%FF"} {
			if r := me.Get(stylePath + "search/?q=" + q); r.Status != 400 || r.Code() == "" {
				t.Errorf("%q: %d %s", q, r.Status, r.Body)
			}
		}
		for _, q := range []string{"%", "_", "#", `\\`, strings.Repeat("a", 50)} {
			if got := searched(t, me, q); len(got.People)+len(got.Tags) != 0 {
				t.Errorf("%q finds %+v", q, got)
			}
		}

		// A hashtag by itself.
		for tag, want := range map[string]string{"solbit": `{"tag":"solbit","num_posts":2}`, "SolBit": `{"tag":"solbit","num_posts":2}`, "%EC%86%94%EB%B9%9B": `{"tag":"솔빛","num_posts":1}`, "nothing": `{"tag":"nothing","num_posts":0}`} {
			if got := strings.TrimSpace(string(s.Anonymous().Get(stylePath+"tags/"+tag+"/").Want(t, 200).Body)); got != want {
				t.Errorf("%s: %s, want %s", tag, got, want)
			}
		}
		for _, tag := range []string{"a%20b", "123", strings.Repeat("a", 51)} {
			wantField(t, me.Get(stylePath+"tags/"+tag+"/"), "tag")
		}
	})
}
