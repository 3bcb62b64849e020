package ws

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse looks for client frames that break the parser or slip through it.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"sub":["shop.book:12"]}`, `{"unsub":["shop.book:12"]}`, `{"sub":[],"unsub":["a","b"]}`, `{"SUB":["a"]}`,
		`{"sub":null}`, `null`, `[]`, `{}`, `{"sub":[null]}`, `{"sub":["\ud800"]}`, "{\"sub\":[\"\xff\"]}",
		`{"sub":{"a":[[[[1]]]]}}`, `{"sub":["a"]}x`, strings.Repeat(`[`, 5000),
		`{"takeover":true}`, `{"takeover":false}`, `{"takeover":"yes"}`, `{"takeover":null}`, `{"takeover":1}`,
		`{"idle":true}`, `{"idle":false}`, `{"idle":null}`, `{"idle":[]}`, `{"idle":0}`,
		`{"resume":{"inbox":57}}`, `{"resume":{}}`, `{"resume":null}`, `{"resume":{"inbox":-1}}`, `{"resume":{"inbox":1.5}}`,
		`{"resume":{"inbox":9223372036854775807}}`, `{"resume":{"inbox":9223372036854775808}}`, `{"resume":{"inbox":"57"}}`, `{"resume":[57]}`,
		`{"resume":{"알림":1,"\u0000":2,"":3,"inbox":{"inbox":1}}}`, `{"resume":{"inbox":1,"inbox":2}}`, `{"resume":{"inbox":null}}`, `{"resume":{"inbox":-9223372036854775808}}`,
		`{"sub":["a"],"unsub":["b"],"takeover":true,"idle":true,"resume":{"inbox":1}}`, `{"unknown":true}`, `{"idle":true,"unknown":[]}`,
		`{"resume":` + strings.Repeat(`{"a":`, 1000) + `1` + strings.Repeat(`}`, 1000) + `}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, ok := parse(data)
		if !ok {
			if !r.empty() {
				t.Fatalf("refused, and yet %+v", r)
			}
			return
		}
		if r.empty() {
			t.Fatalf("%s says nothing, and was not refused", data)
		}
		if len(r.Sub) > MaxTopics || len(r.Unsub) > MaxTopics || len(r.Resume) > MaxTopics {
			t.Fatal("too many names")
		}
		for _, name := range slices.Concat(r.Sub, r.Unsub, slices.Collect(maps.Keys(r.Resume))) {
			if !utf8.ValidString(name) {
				t.Fatalf("%q is not text", name)
			}
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if b, ok := parse(again); !ok || !reflect.DeepEqual(b, r) {
			t.Fatalf("%s reads as %+v, then as %+v", data, r, b)
		}
	})
}

func TestCloseFramesFit(t *testing.T) {
	for _, reason := range []string{"", "short", strings.Repeat("x", 123), strings.Repeat("x", 124), strings.Repeat("가", 60), "x" + strings.Repeat("가", 60)} {
		data := closeFrame(4002, reason).data
		if len(data) > 125 || !utf8.Valid(data[2:]) || !strings.HasPrefix(reason, string(data[2:])) || len(reason)-len(data[2:]) > max(0, len(reason)-120) {
			t.Errorf("%d bytes of reason became %d: %q", len(reason), len(data)-2, data[2:])
		}
	}
}
