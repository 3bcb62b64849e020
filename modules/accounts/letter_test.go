package accounts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"rally/modules/accounts"
)

// eventKinds reads the kinds from their source, so that none is forgotten.
func eventKinds(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "security.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Event") {
			return true
		}
		kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, kind)
		return true
	})
	if len(kinds) < 18 {
		t.Fatalf("only %v were found", kinds)
	}
	return kinds
}

func hangul(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
}

// halves splits a letter into its Korean and its English part.
func halves(t *testing.T, m accounts.Mail) (ko, en string) {
	t.Helper()
	ko, en, both := strings.Cut(m.Body, "\n----\n")
	subjectKO, subjectEN, bothSubjects := strings.Cut(strings.TrimPrefix(m.Subject, "[Rally] "), " · ")
	if !both || !bothSubjects || !hangul(ko) || hangul(en) || !hangul(subjectKO) || hangul(subjectEN) {
		t.Errorf("not in both languages: %s\n%s", m.Subject, m.Body)
	}
	return subjectKO + ko, subjectEN + en
}

func TestEveryEventHasALetterOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	note := func(kind string) {
		e := accounts.SecurityEvent{Kind: kind, At: time.Date(2026, 3, 1, 15, 30, 0, 0, time.UTC)}
		m := accounts.EventLetter(mina, e)
		if m.To != mina || !strings.Contains(m.Body, "2026-03-02 00:30 (KST)") {
			t.Errorf("%s: %+v", kind, m)
		}
		ko, en := halves(t, m)
		for _, text := range []string{ko, en, m.Subject} {
			if other, taken := seen[text]; taken {
				t.Errorf("%s and %s share %q", kind, other, text)
			}
			seen[text] = kind
		}
	}
	note("a kind without a letter")
	for _, kind := range eventKinds(t) {
		note(kind)
	}
}

// A letter goes out in our name: nothing in it is a stranger's to choose.
func TestNoLetterSaysWhatAStrangerChose(t *testing.T) {
	for _, kind := range eventKinds(t) {
		for _, address := range []string{"evil.example", "fe80::1%evil.example", "192.0.2.1\nhttps://evil.example", "https://evil.example"} {
			m := accounts.EventLetter(mina, accounts.SecurityEvent{Kind: kind, Client: accounts.Client{Address: address, UserAgent: "Mozilla <script> evil.example Chrome/1 (Windows evil.example)"}})
			if text := strings.ToLower(m.Subject + m.Body); strings.Contains(text, "evil") || strings.Contains(text, "script") {
				t.Errorf("%s from %q: %s", kind, address, m.Body)
			}
		}
	}
	const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
	m := accounts.EventLetter(mina, accounts.SecurityEvent{Kind: accounts.EventLoginLinked, Provider: "naver", Client: accounts.Client{Address: "2001:db8::1", UserAgent: chrome}})
	if !strings.Contains(m.Body, "\nChrome · Windows\n2001:db8::1\nNaver\n") {
		t.Errorf("the facts are missing: %s", m.Body)
	}
}

func TestMailsOfStrangersHoldNothingOfTheirs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		evil := accounts.Client{Address: "evil.example", UserAgent: "Mozilla <script> evil.example"}
		in := form(mina)
		in.Client = evil
		for range 2 { // a new address, one that waits
			if err := w.Register(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		key := keyInMail.FindStringSubmatch(w.mail.All()[0].Body)[1]
		if err := w.ResendVerification(t.Context(), mina, baseURL, evil); err != nil { // twice registered
			t.Fatal(err)
		}
		if err := w.doTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
		if choose, err := w.VerifyEmail(t.Context(), key, baseURL); err != nil || !choose {
			t.Fatalf("%t, %v", choose, err)
		}
		if err := w.Register(t.Context(), in); err != nil { // a taken one
			t.Fatal(err)
		}
		if err := w.AskReset(t.Context(), mina, baseURL, evil); err != nil {
			t.Fatal(err)
		}
		if err := w.doTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
		all := w.mail.All()
		w.reset(t, all[len(all)-1], password)
		for range 2 { // the second device is new
			tokens, _, err := w.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password, Client: evil})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.AskEmailChange(w.as(t, tokens), "moved@rally.example", baseURL, evil); err != nil {
				t.Fatal(err)
			}
		}
		mails := w.mail.Take()
		if len(mails) < 9 {
			t.Errorf("only %d mails", len(mails))
		}
		for _, m := range mails {
			halves(t, m)
			if text := strings.ToLower(m.Subject + m.Body); strings.Contains(text, "evil") || strings.Contains(text, "script") || strings.ContainsAny(m.To+m.Subject, "\r\n") {
				t.Errorf("%+v", m)
			}
		}
	})
}

func TestNoAddressCarriesAHeader(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, email := range []string{"a@b.kr\r\nBcc: c@d.kr", "a@b.kr\nBcc: c@d.kr", "a\r\n@b.kr", "\"a\r\n\"@b.kr", "a@b.kr, c@d.kr", "a@b.kr\x00", "a@b.kr\r", "<a@b.kr>"} {
			err := w.Register(t.Context(), form(email))
			if email == "a@b.kr\r" { // space around an address is taken off
				if mails := w.mail.Take(); err != nil || len(mails) != 1 || mails[0].To != "a@b.kr" {
					t.Errorf("%q: %+v, %v", email, mails, err)
				}
				continue
			}
			if fields(t, err)["email"] == nil || len(w.mail.Take()) != 0 {
				t.Errorf("%q: %v", email, err)
			}
			if err := w.ResendVerification(t.Context(), email, baseURL, accounts.Client{}); err != nil || len(w.tasks.Take()) != 0 {
				t.Errorf("%q: %v", email, err)
			}
		}
	})
}
