package store

import (
	"context"
	"fmt"

	"rally/modules/shop"
	"rally/platform/db"
)

// searchEngine is how an engine looks through info_search for what is spelt alike.
type searchEngine interface {
	// alike is the query, and its parameter, of up to $2 articles that have some
	// of the probes, those with the most first.
	alike(probes []string) (query string, arg any)
}

func newSearchEngine(dialect db.Dialect) searchEngine {
	if dialect == db.Postgres {
		return trigramIndex{}
	}
	return fullText{}
}

// fullText is SQLite's FTS5 with its trigram tokenizer.
type fullText struct{}

func (fullText) alike(probes []string) (string, any) {
	return `SELECT w.info_id, w.words FROM (SELECT rowid FROM info_search_fts WHERE info_search_fts MATCH $1 ORDER BY rank LIMIT $2) f
		JOIN info_search w ON w.info_id = f.rowid`, db.Phrases(probes, " OR ")
}

// trigramIndex is PostgreSQL's pg_trgm, whose GIN index answers LIKE.
type trigramIndex struct{}

func (trigramIndex) alike(probes []string) (string, any) {
	patterns := make([]string, len(probes))
	for i, p := range probes {
		patterns[i] = "%" + db.EscapeLike(p) + "%"
	}
	return `SELECT w.info_id, w.words FROM info_search w WHERE w.words LIKE ANY ($1)
		ORDER BY (SELECT count(*) FROM unnest($1::text[]) p WHERE w.words LIKE p) DESC, w.info_id DESC LIMIT $2`, patterns
}

// contain adds the condition that the words of the article i have every one of the
// terms.
func (c *conditions) contain(terms []string) {
	if text, args := c.s.db.HasAll("i.id", "info_search", "info_id", terms, len(c.args)+1); text != "" {
		c.texts, c.args = append(c.texts, text), append(c.args, args...)
	}
}

// maxCandidates is how many articles a search for similar spellings looks at.
const maxCandidates = 500

type spelledRow struct {
	InfoID int64  `bun:"info_id"`
	Words  string `bun:"words"`
}

// SimilarInfos returns articles whose words are spelt like the terms, the
// likest first; none when some have the terms themselves.
func (s *Store) SimilarInfos(ctx context.Context, terms []string) ([]int64, error) {
	probes := shop.Probes(terms)
	if len(probes) == 0 {
		return nil, nil
	}
	c := conditions{s: s}
	c.contain(terms)
	exact, err := db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM product_infos i"+c.where()+")", c.args...)
	if err != nil {
		return nil, fmt.Errorf("look for the words: %w", err)
	}
	if exact {
		return nil, nil
	}
	query, arg := s.search.alike(probes)
	rows, err := db.Select[spelledRow](ctx, s.db, query, arg, maxCandidates)
	if err != nil {
		return nil, fmt.Errorf("look for similar spellings: %w", err)
	}
	candidates := make([]shop.Spelled, len(rows))
	for i, r := range rows {
		candidates[i] = shop.Spelled(r)
	}
	return shop.Similar(terms, candidates), nil
}

type wordsRow struct {
	ID          int64  `bun:"id"`
	BrandName   string `bun:"brand_name"`
	EngName     string `bun:"eng_name"`
	KorName     string `bun:"kor_name"`
	ModelNumber string `bun:"model_number"`
	Colorway    string `bun:"colorway"`
}

// rewriteWords writes what the chosen articles are found by, as their brands
// and texts are now. The condition is on the article i, with arg as $1.
func (s *Store) rewriteWords(ctx context.Context, condition string, arg any) error {
	rows, err := db.Select[wordsRow](ctx, s.db, "SELECT i.id, b.name AS brand_name, i.eng_name, i.kor_name, i.model_number, i.colorway"+infoFrom+" WHERE "+condition+" ORDER BY i.id", arg)
	if err != nil {
		return fmt.Errorf("read the texts of articles: %w", err)
	}
	ids, words := make([]int64, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		info := shop.Info{EngName: r.EngName, KorName: r.KorName, ModelNumber: r.ModelNumber, Colorway: r.Colorway}
		ids[i], words[i] = r.ID, info.SearchWords(r.BrandName)
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = db.Exec(ctx, s.db, "INSERT INTO info_search (info_id, words, form) SELECT "+
		s.db.Pick("a.value, z.value, $3 FROM json_each($1) a JOIN json_each($2) z USING (key) WHERE true", "id, words, $3 FROM unnest($1::bigint[], $2::text[]) AS t (id, words)")+
		" ON CONFLICT (info_id) DO UPDATE SET words = excluded.words, form = excluded.form", db.List(s.db, ids), db.List(s.db, words), shop.SearchForm)
	if err != nil {
		return fmt.Errorf("write the words of articles: %w", err)
	}
	return nil
}

// rewriteBatch is how many articles are brought to the present form at once.
const rewriteBatch = 500

// RewriteOldWords writes what up to rewriteBatch articles and brands are found
// by that is missing or of another form, and reports how many those were.
func (s *Store) RewriteOldWords(ctx context.Context) (int, error) {
	type nameRow struct {
		ID   int64  `bun:"id"`
		Name string `bun:"name"`
	}
	brands, err := db.Select[nameRow](ctx, s.db, "SELECT id, name FROM brands WHERE search_form <> $1 ORDER BY id LIMIT $2", shop.SearchForm, rewriteBatch)
	if err != nil {
		return 0, fmt.Errorf("look for brands of an older form: %w", err)
	}
	for _, b := range brands {
		// Unless it got another name meanwhile, and the form with it.
		if _, err := db.Exec(ctx, s.db, "UPDATE brands SET search_words = $1, search_form = $2 WHERE id = $3 AND name = $4", shop.SearchWords(b.Name), shop.SearchForm, b.ID, b.Name); err != nil {
			return 0, fmt.Errorf("rewrite a brand: %w", err)
		}
	}
	ids, err := db.Select[int64](ctx, s.db, "SELECT i.id FROM product_infos i LEFT JOIN info_search w ON w.info_id = i.id WHERE w.form IS NULL OR w.form <> $1 ORDER BY i.id LIMIT $2",
		shop.SearchForm, rewriteBatch)
	if err != nil {
		return 0, fmt.Errorf("look for articles of an older form: %w", err)
	}
	if len(ids) == 0 {
		return len(brands), nil
	}
	if s.db.Dialect == db.Postgres { // nobody renames or edits them meanwhile
		for _, query := range []string{
			"SELECT id FROM product_infos WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
			"SELECT id FROM brands WHERE id IN (SELECT brand_id FROM product_infos WHERE id = ANY($1)) ORDER BY id FOR KEY SHARE",
		} {
			if _, err := db.Select[int64](ctx, s.db, query, db.List(s.db, ids)); err != nil {
				return 0, fmt.Errorf("hold the articles: %w", err)
			}
		}
	}
	return len(brands) + len(ids), s.rewriteWords(ctx, s.db.In("i.id", 1), db.List(s.db, ids))
}
