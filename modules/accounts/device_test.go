package accounts_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
)

func TestDevicesAreCalledByKnownNamesOnly(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36":                            "Chrome · Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":                         "Safari · macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":    "Safari · iOS",
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                                     "Firefox · Linux",
		"Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": "Samsung Browser · Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":              "Edge · Windows",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36":                              "Chrome · Linux",
		"": "", "curl/8.5.0": "", "\x00\xff": "", strings.Repeat("(", 4096): "",
		"You won, see https://evil.example/ (Windows NT 10.0)": "",
	} {
		got := accounts.Client{UserAgent: agent}.DeviceName()
		if got != want {
			t.Errorf("%.60q is called %q, want %q", agent, got, want)
		}
	}
}

// The header is the client's to choose, and the name is mailed.
func FuzzDeviceName(f *testing.F) {
	f.Add("Evil http://evil.example/1.0 (Windows NT 10.0)")
	f.Add("Chrome\r\nSubject: hello/1.0")
	f.Fuzz(func(t *testing.T, agent string) {
		for part := range strings.SplitSeq(accounts.Client{UserAgent: agent}.DeviceName(), " · ") {
			if len(part) > 20 || strings.ContainsAny(part, "\r\n/:.<>@") {
				t.Errorf("%q is called %q", agent, part)
			}
		}
	})
}

// trusted signs in with the second step, and has the device trusted.
func (w *world) trusted(t *testing.T, email string, proof accounts.SecondProof, device string) accounts.Entrance {
	t.Helper()
	e, err := w.FinishLogin(t.Context(), w.pending(t, email), proof, true, accounts.Client{Device: device})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// asks reports whether a device is asked for a second step.
func (w *world) asks(t *testing.T, email, device string) bool {
	t.Helper()
	return w.knock(t, email, accounts.Client{Device: device}).Pending.Value != ""
}

func TestATrustedDeviceIsAskedAgainAfterThirtyDays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		plain, err := w.FinishLogin(t.Context(), w.pending(t, mina), app.proof(t), false, accounts.Client{})
		if err != nil {
			t.Fatal(err)
		}
		if !w.asks(t, mina, plain.Device.Value) {
			t.Error("a device is trusted without having been asked")
		}
		w.wantNoted(t, accounts.EventNewDevice)
		w.clock.Advance(otpStep)
		device := w.trusted(t, mina, app.proof(t), plain.Device.Value).Device.Value
		if device != plain.Device.Value {
			t.Error("the device has another name now")
		}
		w.wantNoted(t, accounts.EventDeviceTrusted)
		for range 2 { // using it doesn't prolong it
			w.clock.Advance(15*24*time.Hour - time.Microsecond)
			if w.asks(t, mina, device) {
				t.Fatal("asked within 30 days")
			}
		}
		if !w.asks(t, mina, "") {
			t.Error("a browser without the cookie is not asked")
		}
		w.clock.Advance(2 * time.Microsecond)
		if !w.asks(t, mina, device) {
			t.Error("not asked after 30 days")
		}
	})
}

func TestADeviceIsTrustedForItsUserOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		app, other := w.memberWithOTP(t, mina), w.memberWithOTP(t, jun)
		hers := w.trusted(t, mina, app.proof(t), "").Device.Value
		if !w.asks(t, jun, hers) {
			t.Fatal("somebody else's device is trusted")
		}
		his := w.trusted(t, jun, other.proof(t), hers).Device.Value
		if his == hers || w.asks(t, mina, hers) || w.asks(t, jun, his) || !w.asks(t, mina, his) {
			t.Error("two users share a device")
		}
	})
}

func TestTrustEnds(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, t *testing.T, w *world, app otpApp) error{
		"the password is changed": func(ctx context.Context, _ *testing.T, w *world, _ otpApp) error {
			return w.ChangePassword(ctx, change(password, newPassword))
		},
		"the password is reset": func(ctx context.Context, t *testing.T, w *world, _ otpApp) error {
			t.Helper()
			return w.ResetPassword(ctx, w.resetKey(t, mina))
		},
		"codes are turned off and on": func(ctx context.Context, t *testing.T, w *world, app otpApp) error {
			t.Helper()
			if err := w.DisableOTP(ctx, password, app.proof(t), accounts.Client{}); err != nil {
				return err
			}
			w.otpOn(ctx, t)
			return nil
		},
		"the list": func(ctx context.Context, t *testing.T, w *world, _ otpApp) error {
			t.Helper()
			list, _, err := w.Devices(ctx, accounts.Client{})
			if err != nil || len(list) != 1 {
				t.Fatalf("%v, %v", list, err)
			}
			return w.DistrustDevice(ctx, list[0].ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				app := w.memberWithOTP(t, mina)
				e := w.trusted(t, mina, app.proof(t), "")
				ctx := w.as(t, e.Tokens)
				w.clock.Advance(otpStep)
				if w.asks(t, mina, e.Device.Value) {
					t.Fatal("not trusted")
				}
				if err := end(ctx, t, w, app); err != nil {
					t.Fatal(err)
				}
				_, err := w.Service.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password, Client: accounts.Client{Device: e.Device.Value}})
				word := password
				if err != nil {
					word = newPassword
				}
				again, err := w.Service.Login(t.Context(), accounts.LoginForm{Email: mina, Password: word, Client: accounts.Client{Device: e.Device.Value}})
				if err != nil || again.Pending.Value == "" || again.Tokens.Access != "" {
					t.Errorf("still trusted: %v", err)
				}
				if list, _, err := w.Devices(ctx, accounts.Client{}); err == nil && len(list) != 0 {
					t.Errorf("%d devices are listed", len(list))
				}
			})
		})
	}
}

func TestTheListOfDevicesIsTheCallersOwn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		app, other := w.memberWithOTP(t, mina), w.memberWithOTP(t, jun)
		hers, his := w.trusted(t, mina, app.proof(t), ""), w.trusted(t, jun, other.proof(t), "")
		w.clock.Advance(otpStep)
		second := w.trusted(t, mina, app.proof(t), "")
		list, current, err := w.Devices(w.as(t, hers.Tokens), accounts.Client{Device: hers.Device.Value})
		if err != nil || len(list) != 2 || list[1].ID != current || !list[1].TrustedUntil.Before(list[0].TrustedUntil) {
			t.Fatalf("%+v, %d, %v", list, current, err)
		}
		_, current, err = w.Devices(w.as(t, hers.Tokens), accounts.Client{Device: his.Device.Value})
		if err != nil || current != 0 {
			t.Errorf("somebody else's device is the present one: %d, %v", current, err)
		}
		for _, device := range list {
			want(t, "somebody else's", w.DistrustDevice(w.as(t, his.Tokens), device.ID), accounts.ErrDeviceNotFound)
		}
		if err := w.DistrustDevice(w.as(t, hers.Tokens), list[0].ID); err != nil {
			t.Fatal(err)
		}
		want(t, "again", w.DistrustDevice(w.as(t, hers.Tokens), list[0].ID), accounts.ErrDeviceNotFound)
		if w.asks(t, mina, hers.Device.Value) || !w.asks(t, mina, second.Device.Value) {
			t.Error("the wrong one is asked")
		}
	})
}

func TestASecondDeviceIsToldAndTheFirstIsNot(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		w.member(t, mina)
		w.member(t, jun)
		first := w.knock(t, mina, accounts.Client{})
		if first.Device.Value == "" || first.Device.Expires.Sub(w.clock.Now()) < 365*24*time.Hour {
			t.Errorf("%+v", first.Device)
		}
		w.wantNoted(t)
		again := w.knock(t, mina, accounts.Client{Device: first.Device.Value})
		if again.Device.Value != first.Device.Value {
			t.Error("the browser has to keep another cookie")
		}
		w.wantNoted(t)
		w.knock(t, mina, accounts.Client{Device: "garbage", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"})
		mails := w.mail.All()
		w.wantNoted(t, accounts.EventNewDevice)
		if len(mails) != 1 || mails[0].To != mina || !strings.Contains(mails[0].Body, "Firefox · Linux") {
			t.Errorf("%+v", mails)
		}
		// On somebody else's device it is the first of this user all the same.
		w.knock(t, jun, accounts.Client{Device: first.Device.Value})
		w.wantNoted(t)
		w.knock(t, mina, accounts.Client{Device: first.Device.Value})
		w.wantNoted(t)
		// After 400 days the cookie, and the row, mean nothing.
		w.clock.Advance(400 * 24 * time.Hour)
		w.knock(t, mina, accounts.Client{Device: first.Device.Value})
		w.wantNoted(t, accounts.EventNewDevice)
	})
}

func TestTheDeviceCookieIsStoredNowhere(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		device := w.knock(t, mina, accounts.Client{}).Device.Value
		w.knock(t, mina, accounts.Client{Device: device})
		w.wantNowhere(t, device)
		tokens, _ := w.login(t, mina)
		sessions, err := w.Sessions(w.as(t, tokens))
		if err != nil || slices.ContainsFunc(sessions, func(s accounts.Session) bool { return s.Client.Device != "" }) {
			t.Errorf("%+v, %v", sessions, err)
		}
	})
}
