package talk

// Wrote says that somebody wrote a comment or a reply. It is emitted inside the
// transaction. An edit emits nothing.
type Wrote struct {
	Room     string
	Remark   Remark  // its content as people read it
	Owner    int64   // whose place it is; 0: nobody's
	Mentions []int64 // users whom it mentions, without its writer
}

// Liked says that somebody likes a remark that they didn't like before, or doesn't
// any more. It is emitted inside the transaction.
type Liked struct {
	Room   string
	Remark Remark // its content as people read it
	By     int64
	On     bool
}
