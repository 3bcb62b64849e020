package web_test

import (
	"context"
	"encoding/json"
	"testing"

	"rally/platform/auth"
	"rally/platform/web"
)

func TestFlagsSayWhatTheCallerMayKnow(t *testing.T) {
	nobody, seven := t.Context(), auth.With(t.Context(), auth.Identity{UserID: 7})
	for _, c := range []struct {
		ctx            context.Context
		user           int64
		yes            bool
		flag, relation string
	}{
		{nobody, 7, true, `"login required"`, `"login required"`},
		{nobody, 0, false, `"login required"`, `"login required"`},
		{seven, 8, true, "true", "true"},
		{seven, 8, false, "false", "false"},
		{seven, 7, false, "false", "null"},
	} {
		flag, _ := json.Marshal(web.NewFlag(c.ctx, c.yes))
		relation, _ := json.Marshal(web.NewRelation(c.ctx, c.user, c.yes))
		if string(flag) != c.flag || string(relation) != c.relation {
			t.Errorf("%+v: %s and %s", c, flag, relation)
		}
	}
}
