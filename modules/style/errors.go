package style

import "rally/platform/fault"

// The faults of this module.
var (
	ErrPostNotFound    = fault.New(fault.NotFound, "style.post_not_found", "There is no such post.")
	ErrProfileNotFound = fault.New(fault.NotFound, "style.profile_not_found", "There is nobody here.")
	ErrCommentNotFound = fault.New(fault.NotFound, "style.comment_not_found", "There is no such comment.")
	ErrReplyNotFound   = fault.New(fault.NotFound, "style.reply_not_found", "There is no such reply.")
	ErrReportNotFound  = fault.New(fault.NotFound, "style.report_not_found", "There is no such report.")

	ErrUnknownFeed   = fault.New(fault.Invalid, "style.unknown_feed", "There is no such list of posts.")
	ErrUnknownType   = fault.New(fault.Invalid, "style.unknown_type", "Only posts, comments and replies can be liked.")
	ErrFollowOneself = fault.New(fault.Invalid, "style.follow_oneself", "Nobody follows themselves.")
	ErrReportOneself = fault.New(fault.Invalid, "style.report_oneself", "That is yours.")

	ErrThreadFull     = fault.New(fault.Conflict, "style.thread_full", "This comment has as many replies as it can have.")
	ErrTooManyFollows = fault.New(fault.Conflict, "style.too_many_follows", "You follow as many people as one can.")
	ErrNotHideable    = fault.New(fault.Conflict, "style.not_hideable", "That can't be hidden.")
	ErrTooManyPosts   = fault.New(fault.RateLimited, "style.too_many_posts", "You posted a lot. Wait a little.")
	ErrTooManyRemarks = fault.New(fault.RateLimited, "style.too_many_remarks", "You wrote a lot. Wait a little.")
	ErrTooManyReports = fault.New(fault.RateLimited, "style.too_many_reports", "You reported a lot. Wait a little.")
)
