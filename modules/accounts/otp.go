package accounts

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"image/png"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// One-time codes are TOTP (RFC 6238) as every authenticator app makes them:
// SHA-1, six digits, 30 seconds.
const (
	otpIssuer      = "Rally"
	otpPeriod      = 30 // seconds
	otpDrift       = 1  // steps that the two clocks may be apart
	otpSecretBytes = 20 // as long as the hash (RFC 4226, 4)
	qrSize         = 240

	recoveryCodes  = 10
	recoveryLength = 12 // base32 characters, 60 bits
)

// OTPSecret is what makes a user's one-time codes.
type OTPSecret struct {
	UserID      int64
	Sealed      []byte
	LastStep    int64 // of the last code that was taken
	CreatedAt   time.Time
	ConfirmedAt time.Time // zero until a first code proved that the app has it
}

// vault keeps secrets that must be read again, and hashes those that people
// type. Its keys come from the root secret, so that the database alone opens
// nothing.
type vault struct {
	aead   cipher.AEAD
	pepper []byte
	random io.Reader
}

func newVault(secret []byte, random io.Reader) (*vault, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "rally accounts sealed secrets v1", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of sealed secrets: %w", err)
	}
	pepper, err := hkdf.Key(sha256.New, secret, nil, "rally accounts recovery codes v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the key of recovery codes: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &vault{aead: aead, pepper: pepper, random: random}, err
}

// seal encrypts a user's secret (AES-256-GCM); nobody else's row opens it.
func (v *vault) seal(userID int64, secret []byte) ([]byte, error) {
	nonce := make([]byte, v.aead.NonceSize())
	if err := fill(v.random, nonce); err != nil {
		return nil, err
	}
	return v.aead.Seal(nonce, nonce, secret, sealedFor(userID)), nil
}

func (v *vault) open(userID int64, sealed []byte) ([]byte, error) {
	if len(sealed) < v.aead.NonceSize() {
		return nil, errors.New("a sealed secret is too short")
	}
	nonce, box := sealed[:v.aead.NonceSize()], sealed[v.aead.NonceSize():]
	secret, err := v.aead.Open(nil, nonce, box, sealedFor(userID))
	if err != nil {
		return nil, fmt.Errorf("open the sealed secret of user %d (has RALLY_SECRET changed?): %w", userID, err)
	}
	return secret, nil
}

func sealedFor(userID int64) []byte { return strconv.AppendInt([]byte("otp:"), userID, 10) }

// newOTPSecret returns a random secret.
func (v *vault) newOTPSecret() ([]byte, error) {
	secret := make([]byte, otpSecretBytes)
	if err := fill(v.random, secret); err != nil {
		return nil, err
	}
	return secret, nil
}

// otpKey is the secret as authenticator apps take it.
func otpKey(email string, secret []byte) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{
		Issuer: otpIssuer, AccountName: email, Secret: secret, Period: otpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
}

// qrCode draws the key for a camera, as PNG.
func qrCode(key *otp.Key) ([]byte, error) {
	picture, err := key.Image(qrSize, qrSize)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	return out.Bytes(), nil
}

// otpStep returns the step whose code this is: the present one, or one beside
// it. Every candidate is computed and compared in constant time.
func otpStep(secret []byte, code string, now time.Time) (step int64, ok bool) {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	present := now.Unix() / otpPeriod
	for candidate := present - otpDrift; candidate <= present+otpDrift; candidate++ {
		right, err := hotp.GenerateCodeCustom(text, uint64(max(0, candidate)), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			step, ok = candidate, true
		}
	}
	return step, ok
}

// plainCode takes out what people type between the digits.
func plainCode(code string) string {
	if len(code) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
}

// newRecoveryCodes returns codes for people to keep, such as ABCD-EFGH-2345,
// and the hashes to store.
func (v *vault) newRecoveryCodes(userID int64) (codes []string, hashes [][]byte, err error) {
	for range recoveryCodes {
		raw := make([]byte, 8)
		if err := fill(v.random, raw); err != nil {
			return nil, nil, err
		}
		code := base32.StdEncoding.EncodeToString(raw)[:recoveryLength]
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
		hashes = append(hashes, v.recoveryHash(userID, code))
	}
	return codes, hashes, nil
}

// recoveryHash is HMAC-SHA-256: 60 bits alone could be tried out by whoever
// gets the database.
func (v *vault) recoveryHash(userID int64, code string) []byte {
	mac := hmac.New(sha256.New, v.pepper)
	mac.Write(strconv.AppendInt(nil, userID, 10))
	mac.Write([]byte{0})
	mac.Write([]byte(plainCode(code)))
	return mac.Sum(nil)
}
