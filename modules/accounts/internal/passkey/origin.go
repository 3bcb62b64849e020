package passkey

import (
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"

	"rally/modules/accounts"
)

// site is a place where browsers offer passkeys.
type site struct {
	origin string // scheme://host[:port], in lower case, without the scheme's own port
	id     string // the relying party's id: the host
}

// siteOf returns the site of an origin, or ErrPasskeysUnavailable. Browsers
// offer passkeys only under a domain name (an id can't be an address,
// https://www.w3.org/TR/webauthn-3/#rp-id) and in a secure context, which
// http is on localhost alone. A name that isn't ASCII has to be given as
// browsers show it in an origin: xn--….
func siteOf(origin string) (site, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return site{}, accounts.ErrPasskeysUnavailable.WithCause(err)
	}
	scheme, host, port := strings.ToLower(u.Scheme), strings.ToLower(u.Hostname()), u.Port()
	secure := scheme == "https" || scheme == "http" && host == "localhost"
	if !secure || !strings.EqualFold(origin, scheme+"://"+u.Host) { // anything beside scheme, host and port
		return site{}, accounts.ErrPasskeysUnavailable
	}
	if err := protocol.ValidateRPID(host); err != nil {
		return site{}, accounts.ErrPasskeysUnavailable.WithCause(err)
	}
	s := site{origin: scheme + "://" + host, id: host}
	if port != "" && scheme+port != "https443" && scheme+port != "http80" {
		s.origin += ":" + port
	}
	return s, nil
}

// Available implements accounts.RelyingParty.
func (*RelyingParty) Available(origin string) bool {
	_, err := siteOf(origin)
	return err == nil
}
