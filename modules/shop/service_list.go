package shop

import (
	"context"
	"slices"
	"time"

	"rally/platform/page"
)

// maxCount is where the count of a list of articles ends: no page lies beyond.
const maxCount = page.MaxDepth + page.MaxSize

// InfoList is a page of articles. Its count is that of all pages and ends at
// 10,100, behind the last page that there is.
type InfoList struct {
	page.List[Info]
	Similar bool    // nothing has the words of the search: these are spelt alike
	Facets  *Facets // if they were asked for
}

// Infos lists articles, with the counts of each filter's choices if facets is
// set. A search whose words are nowhere finds similar spellings instead, the
// likest first unless an ordering was asked for.
//
// Counts, and what the staff writes of articles, may be up to memoryLife old, but
// never older than the last change of the catalogue that this node knows of. What changes with the books shows in them late: they choose
// and order by prices that follow within moments. The shown prices are those of
// the books.
func (s *Service) Infos(ctx context.Context, f Filter, p page.Request, facets bool) (InfoList, error) {
	if err := f.Validate(); err != nil {
		return InfoList{}, err
	}
	key, now, since := f.key(), s.now(), s.memory.mark()
	c, at, kept := s.memory.counts.Get(key, now)
	f.Spelled = c.spelled
	rows, err := s.pageOf(ctx, f, p, &c, kept)
	if err != nil {
		return InfoList{}, err
	}
	if terms := f.Terms(); !kept && c.count == 0 && len(terms) > 0 {
		if c.spelled, err = s.store.SimilarInfos(ctx, terms); err != nil {
			return InfoList{}, err
		}
		if f.Spelled = c.spelled; len(f.Spelled) > 0 {
			if rows, err = s.pageOf(ctx, f, p, &c, false); err != nil {
				return InfoList{}, err
			}
		}
	}
	if !kept {
		at = now
	}
	if facets && c.facets == nil {
		counts, err := s.store.Facets(ctx, f)
		if err != nil {
			return InfoList{}, err
		}
		c.facets = &counts
	}
	s.memory.counts.Put(key, c, at, since.counts)
	infos, err := s.infosOf(ctx, rows, now, since)
	if err != nil {
		return InfoList{}, err
	}
	list := InfoList{List: page.List[Info]{Rows: infos, Count: c.count, Page: p}, Similar: len(c.spelled) > 0}
	if facets {
		list.Facets = c.facets
	}
	return list, nil
}

// pageOf reads a page, and counts all of them unless the count was kept or the
// rows tell it by themselves.
func (s *Service) pageOf(ctx context.Context, f Filter, p page.Request, c *counted, kept bool) ([]Figures, error) {
	rows, err := s.store.Infos(ctx, f, p)
	switch {
	case err != nil:
	case len(rows) < p.Size && (len(rows) > 0 || p.Number == 1):
		c.count = p.Offset() + len(rows)
	case !kept:
		c.count, err = s.store.CountInfos(ctx, f, maxCount)
	}
	return rows, err
}

// infosOf returns the articles of figures, in their order and without those
// that were deleted meanwhile. since is the memory's count of changes from
// before the figures were read.
func (s *Service) infosOf(ctx context.Context, figures []Figures, now time.Time, since marks) ([]Info, error) {
	infos := make([]Info, len(figures))
	var missing []int64
	for n, f := range figures {
		info, _, kept := s.memory.articles.Get(f.InfoID, now)
		if !kept {
			missing = append(missing, f.InfoID)
			continue
		}
		infos[n] = info.with(f)
	}
	if len(missing) == 0 {
		return infos, nil
	}
	found, err := s.store.InfosByID(ctx, missing)
	if err != nil {
		return nil, err
	}
	read := make(map[int64]Info, len(found))
	for _, i := range found {
		s.memory.articles.Put(i.ID, i, now, since.articles)
		read[i.ID] = i
	}
	for n, f := range figures {
		if infos[n].ID == 0 {
			infos[n] = read[f.InfoID].with(f)
		}
	}
	return slices.DeleteFunc(infos, func(i Info) bool { return i.ID == 0 }), nil
}

// infoOf is infosOf for one article, which may be gone.
func (s *Service) infoOf(ctx context.Context, f Figures, now time.Time, since marks) (Info, error) {
	infos, err := s.infosOf(ctx, []Figures{f}, now, since)
	if err != nil {
		return Info{}, err
	}
	if len(infos) == 0 {
		return Info{}, ErrInfoNotFound
	}
	return infos[0], nil
}
