package api

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/blob"
	"rally/platform/web"
)

// detail is the body of an answer that only says that it worked.
type detail struct {
	Detail string `json:"detail" example:"ok"`
}

type detailOutput struct{ Body detail }

func say(sentence string) *detailOutput { return &detailOutput{Body: detail{Detail: sentence}} }

type userBody struct {
	ID          int64       `json:"id" example:"7"`
	Email       string      `json:"email" example:"mina@rally.example"`
	ShoeSize    *int        `json:"shoe_size" doc:"Millimetres, 220…310 in steps of 5, or null." example:"260"`
	PhoneNumber *string     `json:"phone_number" doc:"Korean, E.164, or null." example:"+821012345678"`
	IsStaff     bool        `json:"is_staff"`
	OTPEnabled  bool        `json:"otp_enabled" doc:"Whether logging in takes a one-time code."`
	Profile     profileBody `json:"profile"`
}

type profileBody struct {
	UserID       int64   `json:"user_id" example:"7"`
	UserName     string  `json:"user_name" example:"mina"`
	ProfileName  string  `json:"profile_name" doc:"Unique." example:"a3f09c1"`
	Introduction string  `json:"introduction"`
	Image        *string `json:"image" doc:"Address of the picture, or null."`
}

func userOf(ctx context.Context, a accounts.Account) userBody {
	return userBody{
		ID: a.User.ID, Email: a.User.Email, ShoeSize: orNull(a.User.ShoeSize), PhoneNumber: orNull(a.User.PhoneNumber), IsStaff: a.User.Staff, OTPEnabled: a.User.OTP,
		Profile: toProfile(ctx, a.Profile),
	}
}

func imageURL(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return web.BaseURL(ctx) + blob.URL(key)
}

// orNull returns nil for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// clientOf describes the sender. Device is the device cookie, or empty.
func clientOf(ctx context.Context, device string) accounts.Client {
	c := web.ClientFrom(ctx)
	return accounts.Client{Address: c.Address, UserAgent: c.UserAgent, Device: device}
}

// number is a whole number as clients send it: bare, in quotes, null or
// empty. What is no whole number becomes notANumber, which no rule allows, so
// that the rule's own sentence answers.
type number struct {
	set   bool
	value int // 0 for null and empty
}

const notANumber = -1

// Schema implements huma.SchemaProvider.
func (number) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A whole number, or null.", Examples: []any{260}}
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(data []byte) error {
	n.set, n.value = true, 0
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	text := string(data)
	if data[0] == '"' {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		if text = strings.TrimSpace(text); text == "" {
			return nil
		}
	}
	v, err := strconv.Atoi(text)
	if err != nil || v == 0 {
		v = notANumber
	}
	n.value = v
	return nil
}

func (n number) change() accounts.Change[int] {
	return accounts.Change[int]{Set: n.set, Value: n.value}
}

// text is a string or null.
type text struct {
	set   bool
	value string
}

// Schema implements huma.SchemaProvider.
func (text) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true, Examples: []any{"010-1234-5678"}}
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	t.set, t.value = true, ""
	return json.Unmarshal(data, &t.value)
}

func (t text) change() accounts.Change[string] {
	return accounts.Change[string]{Set: t.set, Value: t.value}
}
