package apptest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

// What the tests of the feed share.

const (
	stylePath = "/api/styles/"
	postsPath = stylePath + "posts/"
)

func postPath(id int64, rest string) string { return fmt.Sprintf("%s%d/%s", postsPath, id, rest) }

func saidPath(id int64, rest string) string {
	return fmt.Sprintf("%scomments/%d/%s", stylePath, id, rest)
}

func answerPath(id int64, rest string) string {
	return fmt.Sprintf("%sreplies/%d/%s", stylePath, id, rest)
}

func personPath(id int64, rest string) string {
	return fmt.Sprintf("%sprofiles/%d/%s", stylePath, id, rest)
}

// ware is an article as a post shows it.
type ware struct {
	InfoID        int64  `json:"info_id"`
	EngName       string `json:"eng_name"`
	KorName       string `json:"kor_name"`
	Image         *string
	PurchasePrice *int64 `json:"purchase_price"`
	SalesPrice    *int64 `json:"sales_price"`
	X, Y          *float64
	Picture       int
	Owned         *bool
}

// story is a post.
type story struct {
	ID          int64
	Content     string
	Images      []string
	ImageRatio  float64    `json:"image_ratio"`
	CreatedBy   *stylist   `json:"created_by"`
	CreatedAt   time.Time  `json:"created_at"`
	EditedAt    *time.Time `json:"edited_at"`
	NumComments int64      `json:"num_comments"`
	NumLikes    int64      `json:"num_likes"`
	Liked       any
	Products    []ware
	Mentions    []speaker
	Hidden      bool
}

// wares returns the articles that a post shows.
func (p story) wares() string { return who(p.Products, func(w ware) int64 { return w.InfoID }) }

// post makes a post of some words.
func post(t *testing.T, c *apptest.Client, content string) story {
	t.Helper()
	return postWith(t, c, M{"content": content})
}

func postWith(t *testing.T, c *apptest.Client, fields M) story {
	t.Helper()
	return apptest.Into[story](t, c.Post(postsPath, fields).Want(t, 201))
}

// postShown makes a post of pictures, of which each is files[i].
func postShown(t *testing.T, c *apptest.Client, fields url.Values, files ...[]byte) story {
	t.Helper()
	return apptest.Into[story](t, attach(t, c, http.MethodPost, postsPath, fields, files...).Want(t, 201))
}

// posts makes n posts, and returns their ids, the last first. An hour goes by
// when somebody would post too often.
func posts(t *testing.T, s *apptest.Server, c *apptest.Client, n int, content string) []int64 {
	t.Helper()
	made := make([]int64, n)
	for i := range made {
		r := c.Post(postsPath, M{"content": content})
		if r.Status == 429 {
			s.Clock.Advance(time.Hour)
			r = c.Post(postsPath, M{"content": content})
		}
		made[n-1-i] = apptest.Into[story](t, r.Want(t, 201)).ID
	}
	return made
}

func readPost(t *testing.T, c *apptest.Client, id int64) story {
	t.Helper()
	return apptest.Into[story](t, c.Get(postPath(id, "")).Want(t, 200))
}

// feed returns all posts of a feed as "?type=…", walking through it.
func feed(t *testing.T, s *apptest.Server, c *apptest.Client, query string) []story {
	t.Helper()
	return walk[story](t, s, c, postsPath+"?"+query, 100)
}

// feedIDs are the ids of feed.
func feedIDs(t *testing.T, s *apptest.Server, c *apptest.Client, query string) string {
	t.Helper()
	return who(feed(t, s, c, query), func(p story) int64 { return p.ID })
}

func say(t *testing.T, c *apptest.Client, postID int64, content string) remark {
	t.Helper()
	return apptest.Into[remark](t, c.Post(postPath(postID, "comments/"), M{"content": content}).Want(t, 201))
}

func answerTo(t *testing.T, c *apptest.Client, commentID int64, content string) remark {
	t.Helper()
	return apptest.Into[remark](t, c.Post(saidPath(commentID, "replies/"), M{"content": content}).Want(t, 201))
}

// saidOn returns what is said below a post: comments, newest first.
func saidOn(t *testing.T, c *apptest.Client, postID int64) []remark {
	t.Helper()
	return apptest.Into[[]remark](t, c.Get(postPath(postID, "comments/?page_size=100")).Want(t, 200))
}

// like makes somebody like a post, a comment or a reply; path ends with its id.
func like(t *testing.T, c *apptest.Client, path string) {
	t.Helper()
	c.Patch(path+"like/", M{"value": true}).Want(t, 200)
}

func follow(t *testing.T, c *apptest.Client, id int64) {
	t.Helper()
	c.Patch(personPath(id, "follow/"), M{"value": true}).Want(t, 200)
}

func mute(t *testing.T, c *apptest.Client, id int64) {
	t.Helper()
	c.Post(friendsPath+"mutes/", M{"user_id": id}).Want(t, 201)
}

// hide reports something as somebody, and lets the staff hide it; path ends with
// its id.
func hide(t *testing.T, staff, reporter *apptest.Client, path string) {
	t.Helper()
	decide(t, staff, reportOf(t, staff, reporter, path), "hide/")
}

// rank does what the program does every few seconds.
func rank(t *testing.T, s *apptest.Server) {
	t.Helper()
	if err := s.Ranks.Rank(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// attach sends a form with files in the field image.
func attach(t *testing.T, c *apptest.Client, method, path string, fields url.Values, files ...[]byte) apptest.Reply {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			if err := parts.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, file := range files {
		w, err := parts.CreateFormFile("image", "picture"+strconv.Itoa(i))
		if err == nil {
			_, err = w.Write(file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	return c.With("Content-Type", parts.FormDataContentType()).Do(method, path, &body)
}

// drawn is a picture of one colour and so many pixels.
func drawn(t testing.TB, width, height int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	m.Set(width/2, height/2, color.NRGBA{R: 200, A: 255})
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// filesOf returns the files that the picture store keeps below a prefix, such as
// "style", without what it notes beside them.
func filesOf(t *testing.T, s *apptest.Server, prefix string) []string {
	t.Helper()
	root := filepath.Join(s.DataDir, "media")
	var files []string
	err := filepath.WalkDir(filepath.Join(root, prefix), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".attrs") {
			return err
		}
		name, err := filepath.Rel(root, path)
		files = append(files, filepath.ToSlash(name))
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return files
}

// wantStyleCounted fails the test unless every stored count of the feed is the
// number of rows.
func wantStyleCounted(t *testing.T, s *apptest.Server) {
	t.Helper()
	const hiddenRemark = "r.hidden_at IS NOT NULL OR EXISTS (SELECT 1 FROM remarks c WHERE c.id = r.comment_id AND c.hidden_at IS NOT NULL)"
	for what, query := range map[string]string{
		"posts count their likes wrong":       "SELECT count(*) FROM posts p WHERE p.num_likes <> (SELECT count(*) FROM post_likes l WHERE l.post_id = p.id)",
		"posts count their comments wrong":    "SELECT count(*) FROM posts p WHERE p.num_comments <> (SELECT count(*) FROM remarks r WHERE r.room = 'post' AND r.place_id = p.id AND NOT (" + hiddenRemark + "))",
		"remarks count their likes wrong":     "SELECT count(*) FROM remarks r WHERE r.num_likes <> (SELECT count(*) FROM remark_likes l WHERE l.remark_id = r.id)",
		"people count their posts wrong":      "SELECT count(*) FROM style_people u WHERE u.num_posts <> (SELECT count(*) FROM posts p WHERE p.user_id = u.user_id AND NOT p.hidden) AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.user_id = u.user_id AND p.absent)",
		"people count their followers wrong":  "SELECT count(*) FROM style_people u WHERE u.num_followers <> (SELECT count(*) FROM follows f WHERE f.to_id = u.user_id)",
		"people count their followings wrong": "SELECT count(*) FROM style_people u WHERE u.num_followings <> (SELECT count(*) FROM follows f WHERE f.from_id = u.user_id)",
		"articles count their shares wrong":   "SELECT count(*) FROM product_infos i WHERE i.shares <> (SELECT count(*) FROM post_articles a WHERE a.info_id = i.id)",
		"remarks stand below no post":         "SELECT count(*) FROM remarks r WHERE r.room = 'post' AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = r.place_id)",
	} {
		if n := count(t, s, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}
