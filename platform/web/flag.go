package web

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/auth"
)

// loginRequired is what a flag says to somebody who isn't logged in.
const loginRequired = "login required"

// Flag says how the caller stands to something, such as whether they like it: true,
// false or, when nobody is logged in, "login required".
type Flag struct{ known, yes bool }

// NewFlag returns the flag of the caller of ctx.
func NewFlag(ctx context.Context, yes bool) Flag {
	_, known := auth.From(ctx)
	return Flag{known, yes}
}

// Schema implements huma.SchemaProvider.
func (Flag) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "How the caller stands to it.", Examples: []any{false},
		OneOf: []*huma.Schema{{Type: huma.TypeBoolean}, {Type: huma.TypeString, Enum: []any{loginRequired}}},
	}
}

// MarshalJSON implements json.Marshaler.
func (f Flag) MarshalJSON() ([]byte, error) {
	if !f.known {
		return []byte(strconv.Quote(loginRequired)), nil
	}
	return strconv.AppendBool(nil, f.yes), nil
}

// Relation is a Flag about a person: null when the caller is that person.
type Relation struct {
	flag    Flag
	oneself bool
}

// NewRelation returns how the caller of ctx stands to a user.
func NewRelation(ctx context.Context, userID int64, yes bool) Relation {
	caller, known := auth.From(ctx)
	return Relation{Flag{known, yes}, known && caller.UserID == userID}
}

// Schema implements huma.SchemaProvider.
func (Relation) Schema(registry huma.Registry) *huma.Schema {
	s := Flag{}.Schema(registry)
	s.Description = "How the caller stands to this person; null for oneself."
	s.OneOf = append(s.OneOf, &huma.Schema{Type: "null"})
	return s
}

// MarshalJSON implements json.Marshaler.
func (r Relation) MarshalJSON() ([]byte, error) {
	if r.oneself {
		return []byte("null"), nil
	}
	return r.flag.MarshalJSON()
}
