package accounts_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"

	"rally/modules/accounts"
	"rally/platform/auth"
)

func TestAnExportIsCompleteAndHoldsNoSecret(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.exports = []accounts.Export{{Name: "test", Of: func(_ context.Context, userID int64) (any, error) { return userID, nil }}}
		w.Service = w.node(t, testConfig(), w.store)
		w.member(t, "other@rally.example")
		w.login(t, "other@rally.example")
		account, ctx := w.lived(t, mina)
		if _, err := w.ExportMe(t.Context()); !errors.Is(err, auth.ErrRequired) {
			t.Errorf("nobody: %v", err)
		}
		out, err := w.ExportMe(ctx)
		if err != nil {
			t.Fatal(err)
		}
		me, err := w.Me(ctx)
		if err != nil {
			t.Fatal(err)
		}
		events := scalar[int](t, w.db, "SELECT count(*) FROM security_events WHERE user_id = $1", account.User.ID)
		if out.Account != me || len(out.Sessions) != 1 || len(out.Identities) != 1 || len(out.Passkeys) != 1 || len(out.Devices) != 1 || len(out.Events) != events || events < 2 || out.Modules["test"] != account.User.ID {
			t.Errorf("%+v", out)
		}
		text, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, wanted := range []string{mina, "+821077771234", "198.51.100.77", "RareBrowser", "rare-subject", "RareName", "rare words", "Rare phone"} {
			if !bytes.Contains(text, []byte(wanted)) {
				t.Errorf("%s is missing", wanted)
			}
		}
		secrets := map[string][]byte{"the passkey": []byte("rare-public-key"), "its id": []byte("rare-credential"), "the handle": []byte("rare-handle")}
		for what, query := range map[string]string{
			"the hash of a device": "SELECT token_hash FROM devices", "the hash of a token": "SELECT token_hash FROM refresh_tokens", "the secret": "SELECT secret FROM otp_secrets",
			"a recovery code": "SELECT code_hash FROM recovery_codes", "a key": "SELECT key_hash FROM password_resets", "another key": "SELECT key_hash FROM email_changes",
		} {
			secrets[what] = scalar[[]byte](t, w.db, query+" ORDER BY 1 LIMIT 1")
			if what == "the hash of a device" {
				secrets[what] = scalar[[]byte](t, w.db, "SELECT token_hash FROM devices WHERE user_id = $1", account.User.ID)
			}
		}
		for what, secret := range secrets {
			for _, form := range []string{string(secret), base64.StdEncoding.EncodeToString(secret), hex.EncodeToString(secret)} {
				if bytes.Contains(text, []byte(form)) {
					t.Errorf("%s is in the export", what)
				}
			}
		}
		if bytes.Contains(text, []byte("argon2id")) || bytes.Contains(text, []byte("other@rally.example")) {
			t.Errorf("%s", text)
		}
	})
}
