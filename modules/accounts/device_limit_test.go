package accounts_test

import (
	"testing"
	"time"

	"rally/modules/accounts"
)

// Accounts from before devices were remembered have sessions, and no device.
func TestWhoSignedInBeforeDevicesWereRememberedIsTold(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		w.member(t, mina)
		w.member(t, jun)
		w.login(t, mina)
		execute(t, w.db, "DELETE FROM devices")
		w.forgetNews()
		w.knock(t, mina, accounts.Client{})
		w.wantNoted(t, accounts.EventNewDevice)
		w.knock(t, jun, accounts.Client{}) // somebody else's sessions don't count
		w.wantNoted(t)
	})
}

func TestAHundredDevicesAreRemembered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const most = 100
		const jun = "jun@rally.example"
		w.member(t, mina)
		w.member(t, jun)
		his := w.knock(t, jun, accounts.Client{}).Device.Value
		known := func(device string) bool {
			t.Helper()
			w.clock.Advance(time.Second)
			return w.knock(t, mina, accounts.Client{Device: device}).Device.Value == device
		}
		count := func(email string) int {
			t.Helper()
			return scalar[int](t, w.db, "SELECT count(*) FROM devices d JOIN users u ON u.id = d.user_id WHERE u.email = $1", email)
		}
		var devices [most]string
		for i := range devices {
			w.clock.Advance(time.Second)
			devices[i] = w.knock(t, mina, accounts.Client{}).Device.Value
		}
		if n := count(mina); n != most {
			t.Fatalf("%d devices", n)
		}
		if !known(devices[0]) { // and is the newest now
			t.Error("one of the first hundred is forgotten")
		}
		for range 2 {
			w.knock(t, mina, accounts.Client{})
		}
		if n := count(mina); n != most {
			t.Errorf("%d devices", n)
		}
		for _, i := range []int{0, 3, most - 1} {
			if !known(devices[i]) {
				t.Errorf("number %d is forgotten", i+1)
			}
		}
		for _, i := range []int{1, 2} {
			if known(devices[i]) {
				t.Errorf("number %d is remembered, which was used least", i+1)
			}
		}
		if n := count(jun); n != 1 || w.knock(t, jun, accounts.Client{Device: his}).Device.Value != his {
			t.Errorf("somebody else has %d devices", n)
		}
	})
}
