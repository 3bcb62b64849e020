package style

import (
	"context"
	"fmt"
	"slices"

	"rally/modules/accounts"
	"rally/modules/talk"
)

// World is posts with their likes, and follows, to import. Ids are filled in.
type World struct {
	Posts   []ImportedPost
	Follows []Follow
}

// ImportedPost is a post with its likes. Its content is as it was typed: whoever is
// named in it is linked.
type ImportedPost struct {
	Post
	Likes []Like
}

// Importer fills an empty Rally. It stands beside Service.
type Importer struct {
	tx       Transactions
	store    ImportStore
	names    Names
	articles Articles
}

// ImportStore is what an Importer writes to.
type ImportStore interface {
	// ImportPosts inserts posts with their likes and what they are found by, and
	// counts them.
	ImportPosts(ctx context.Context, posts []ImportedPost, found []Index) error
	ImportFollows(ctx context.Context, list []Follow) error
}

// Names finds people by their names. *accounts.Directory does.
type Names interface {
	NamedAll(ctx context.Context, names []string) (map[string]accounts.Profile, error)
}

// NewImporter returns an importer.
func NewImporter(tx Transactions, store ImportStore, names Names, articles Articles) *Importer {
	return &Importer{tx, store, names, articles}
}

// Import inserts a world in one transaction. It checks what people are held to, but
// not how fast they post.
func (i *Importer) Import(ctx context.Context, w *World) error {
	slices.SortStableFunc(w.Posts, func(a, b ImportedPost) int { return a.CreatedAt.Compare(b.CreatedAt) })
	slices.SortStableFunc(w.Follows, func(a, b Follow) int { return a.CreatedAt.Compare(b.CreatedAt) })
	ids, err := i.named(ctx, w)
	if err != nil {
		return err
	}
	found := make([]Index, len(w.Posts))
	shares := map[int64]int64{}
	for n := range w.Posts {
		p := &w.Posts[n]
		if err := p.clean(); err != nil {
			return fmt.Errorf("import post %d: %w", n, err)
		}
		found[n] = Index{Hashtags: Hashtags(p.Content)}
		p.Content, found[n].Mentions = talk.Link(p.Content, ids)
		found[n].Words = searchWords(p.Content)
		for _, id := range infoIDs(p.Tags) {
			shares[id]++
		}
	}
	return i.tx.InTx(ctx, func(ctx context.Context) error {
		if err := i.store.ImportPosts(ctx, w.Posts, found); err != nil {
			return fmt.Errorf("import posts: %w", err)
		}
		if err := i.store.ImportFollows(ctx, w.Follows); err != nil {
			return fmt.Errorf("import follows: %w", err)
		}
		for id, n := range shares {
			if err := i.articles.AddShares(ctx, []int64{id}, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// clean checks a post and sets what follows from the rest.
func (p *ImportedPost) clean() error {
	var err error
	if p.Content, err = normaliseContent(p.Content); err != nil {
		return err
	}
	if p.Ratio, err = normaliseRatio(p.Ratio); err != nil {
		return err
	}
	p.NumLikes, p.NumComments = int64(len(p.Likes)), 0
	return checkWhole(p.Post, len(p.Pictures))
}

// named returns who bears the names that the posts mention.
func (i *Importer) named(ctx context.Context, w *World) (map[string]int64, error) {
	var names []string
	for _, p := range w.Posts {
		names = append(names, talk.Names(p.Content)...)
	}
	slices.Sort(names)
	found, err := i.names.NamedAll(ctx, slices.Compact(names))
	if err != nil {
		return nil, err
	}
	ids := make(map[string]int64, len(found))
	for key, p := range found {
		ids[key] = p.UserID
	}
	return ids, nil
}
