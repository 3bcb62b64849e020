package accounts

import (
	"bytes"
	"crypto/rand"
	"errors"
	"image/color"
	"image/png"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// rfcSecret is the one of the test vectors of RFC 6238, appendix B.
const rfcSecret = "12345678901234567890"

// The last six of the vectors' eight digits are what six-digit apps show.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	for _, v := range []struct {
		at   int64
		code string
	}{
		{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
	} {
		step, ok := otpStep([]byte(rfcSecret), v.code, time.Unix(v.at, 0))
		if !ok || step != v.at/30 {
			t.Errorf("%d %s: step %d, %t", v.at, v.code, step, ok)
		}
	}
}

func TestClocksMayBeOneStepApart(t *testing.T) {
	const code, step = "081804", 1111111109 / 30
	for seconds, want := range map[int64]bool{-31: false, -30: true, -1: true, 0: true, 29: true, 30: true, 59: true, 60: false, 90: false} {
		got, ok := otpStep([]byte(rfcSecret), code, time.Unix(step*30+seconds, 0))
		if ok != want || (ok && got != step) {
			t.Errorf("%d seconds after its step began: %d, %t", seconds, got, ok)
		}
	}
}

func TestOnlyTheSixDigitsMatch(t *testing.T) {
	for _, code := range []string{"", "28708", "2870820", "287082 ", "94287082", "２８７０８２", "287083", "+287082", "287082\x00"} {
		if _, ok := otpStep([]byte(rfcSecret), code, time.Unix(59, 0)); ok {
			t.Errorf("%q was taken", code)
		}
	}
	for _, typed := range []string{"287 082", " 287082 ", "287-082"} {
		if plainCode(typed) != "287082" {
			t.Errorf("%q is read as %q", typed, plainCode(typed))
		}
	}
}

func newTestVault(t testing.TB, secret string) *vault {
	t.Helper()
	v, err := newVault([]byte(secret), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestASealedSecretOpensForItsUserAndRootSecretOnly(t *testing.T) {
	v := newTestVault(t, "a secret of thirty-two bytes, ok")
	sealed, err := v.seal(7, []byte(rfcSecret))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte(rfcSecret[:8])) {
		t.Error("it is not sealed")
	}
	if again, err := v.seal(7, []byte(rfcSecret)); err != nil || bytes.Equal(sealed, again) {
		t.Errorf("sealed twice it is the same, %v", err)
	}
	if open, err := v.open(7, sealed); err != nil || string(open) != rfcSecret {
		t.Errorf("%q, %v", open, err)
	}
	if _, err := v.open(8, sealed); err == nil {
		t.Error("another user's row opens it")
	}
	if _, err := newTestVault(t, "another secret of 32 bytes or so").open(7, sealed); err == nil {
		t.Error("another root secret opens it")
	}
	for i := range sealed {
		broken := slices.Clone(sealed)
		broken[i] ^= 1
		if _, err := v.open(7, broken); err == nil {
			t.Errorf("byte %d is not authenticated", i)
		}
		if _, err := v.open(7, sealed[:i]); err == nil {
			t.Errorf("%d bytes of it open", i)
		}
	}
}

func TestSecretsNeedRandomness(t *testing.T) {
	v := newTestVault(t, "a secret of thirty-two bytes, ok")
	v.random = bytes.NewReader(nil)
	_, errSecret := v.newOTPSecret()
	_, errSeal := v.seal(7, []byte(rfcSecret))
	_, _, errCodes := v.newRecoveryCodes(7)
	for _, err := range []error{errSecret, errSeal, errCodes} {
		if err == nil {
			t.Error("made without random bytes")
		}
	}
}

func TestTheAddressForAppsSaysAll(t *testing.T) {
	key, err := otpKey("mina+a&b@rally.example", []byte(rfcSecret))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(key.URL())
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Rally:mina+a&b@rally.example" {
		t.Errorf("%s", u)
	}
	for name, want := range map[string]string{
		"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": "Rally", "period": "30", "digits": "6", "algorithm": "SHA1",
	} {
		if got := u.Query()[name]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s=%q", name, got)
		}
	}
	picture, err := qrCode(key)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(picture))
	if err != nil || drawn.Bounds().Dx() != 240 || drawn.Bounds().Dy() != 240 {
		t.Fatalf("%v, %v", drawn.Bounds(), err)
	}
	seen := map[color.Gray]int{}
	for x := range 240 {
		for y := range 240 {
			seen[color.GrayModel.Convert(drawn.At(x, y)).(color.Gray)]++ //nolint:forcetypeassert // it is GrayModel's
		}
	}
	if len(seen) != 2 || seen[color.Gray{}] < 240*240/8 || seen[color.Gray{Y: 255}] < 240*240/8 {
		t.Errorf("not black on white: %v", seen)
	}
}

func TestRecoveryCodesAreEasyToType(t *testing.T) {
	v := newTestVault(t, "a secret of thirty-two bytes, ok")
	codes, hashes, err := v.newRecoveryCodes(7)
	if err != nil || len(codes) != 10 || len(hashes) != 10 {
		t.Fatalf("%d codes, %d hashes, %v", len(codes), len(hashes), err)
	}
	form := regexp.MustCompile(`^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$`)
	for i, code := range codes {
		if !form.MatchString(code) || slices.Contains(codes[:i], code) {
			t.Errorf("%q", code)
		}
		bare := strings.ReplaceAll(code, "-", "")
		for _, typed := range []string{code, bare, strings.ToLower(code), " " + strings.ReplaceAll(code, "-", " ") + " "} {
			if !bytes.Equal(v.recoveryHash(7, typed), hashes[i]) {
				t.Errorf("%q is not %q", typed, code)
			}
		}
		if bytes.Equal(v.recoveryHash(8, code), hashes[i]) {
			t.Error("another user's code has the same hash")
		}
		if bytes.Equal(newTestVault(t, "another secret of 32 bytes or so").recoveryHash(7, code), hashes[i]) {
			t.Error("the hash needs no root secret")
		}
	}
}

// Whatever a clock says, a code is right for the three steps around it only.
func TestACodeFitsThreeStepsAtMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "secret")
		at := rapid.Int64Range(0, 1<<40).Draw(t, "at")
		code := rapid.StringMatching(`[0-9]{6}`).Draw(t, "code")
		if step, ok := otpStep(secret, code, time.Unix(at, 0)); ok && (step < at/30-1 || step > at/30+1) {
			t.Errorf("step %d at %d", step, at)
		}
	})
}

func FuzzOTPCode(f *testing.F) {
	for _, s := range []string{"", "287082", "287 082", "\xff\xff\xff\xff\xff\xff", "００５９２４", strings.Repeat("0", 1<<16), "-287082-"} {
		f.Add(s)
	}
	// The codes of steps 0, 1 and 2, by RFC 4226, appendix D.
	right := []string{"755224", "287082", "359152"}
	f.Fuzz(func(t *testing.T, typed string) {
		if _, ok := otpStep([]byte(rfcSecret), plainCode(typed), time.Unix(59, 0)); ok != slices.Contains(right, digitsOf(typed)) {
			t.Errorf("%q: %t", typed, ok)
		}
	})
}

func FuzzRecoveryCode(f *testing.F) {
	for _, s := range []string{"", "ABCD-EFGH-2345", "abcd efgh 2345", "\x00", "\xff", "ABCDEFGH2345=", strings.Repeat("A", 1<<16)} {
		f.Add(s)
	}
	v, err := newVault([]byte("a secret of thirty-two bytes, ok"), rand.Reader)
	codes, hashes, errCodes := v.newRecoveryCodes(7)
	if err := errors.Join(err, errCodes); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		hash := v.recoveryHash(7, typed)
		// Sixty random bits: no input of a fuzzer is one of them.
		if slices.ContainsFunc(hashes, func(h []byte) bool { return bytes.Equal(h, hash) }) {
			t.Errorf("%q opens %q", typed, codes)
		}
	})
}

// digitsOf is typed as it is meant to be read: blanks and hyphens don't count,
// and what is far too long is no code.
func digitsOf(typed string) string {
	if len(typed) > 64 {
		return ""
	}
	return strings.NewReplacer(" ", "", "-", "").Replace(typed)
}
