package style

import (
	"context"

	"rally/modules/talk"
	"rally/platform/page"
)

// MaxExported bounds each list of an Export: the newest rows.
const MaxExported = 10_000

// Export is what is stored of a user's feed.
type Export struct {
	Posts   []Post // in the words of today, hidden ones, too
	Likes   []Like
	Follows []Follow // by them
	Reports []ReportOf
	Remarks []talk.Remark // comments and replies
}

// ReportOf is a report with what it is about.
type ReportOf struct {
	Report
	ObjectType ObjectType
	ObjectID   int64
}

// ArchiveStore reads what is stored of a user.
type ArchiveStore interface {
	// ExportOf returns all but remarks; posts as they are stored.
	ExportOf(ctx context.Context, userID int64, limit int) (Export, error)
}

// Archive tells users what is stored of them. It stands beside Service: the
// accounts ask it, and Service asks the accounts.
type Archive struct {
	store     ArchiveStore
	remarks   *talk.Keeper
	directory Directory
}

// NewArchive returns an archive.
func NewArchive(store ArchiveStore, remarks *talk.Keeper, directory Directory) *Archive {
	return &Archive{store, remarks, directory}
}

// ExportOf returns what is stored of a user. Whoever asks has made sure that it is
// theirs to see.
func (a *Archive) ExportOf(ctx context.Context, userID int64) (Export, error) {
	e, err := a.store.ExportOf(ctx, userID, MaxExported)
	if err != nil {
		return Export{}, err
	}
	var mentioned []int64
	for _, p := range e.Posts {
		mentioned = append(mentioned, talk.Linked(p.Content)...)
	}
	profiles, err := a.directory.ProfilesOf(ctx, distinct(mentioned))
	if err != nil {
		return Export{}, err
	}
	for i, p := range e.Posts {
		e.Posts[i].Content, _ = spoken(p.Content, profiles, talk.Viewer{})
	}
	remarks, err := a.remarks.RemarksOf(ctx, RoomKind, userID, page.Request{Number: 1, Size: MaxExported})
	e.Remarks = remarks.Rows
	return e, err
}
