package friends

// Requested says that somebody asked somebody. It is emitted inside the
// transaction, as the other events are.
type Requested struct{ Request Request }

// Befriended says that somebody accepted: From had asked To.
type Befriended struct{ From, To int64 }

// Withdrawn says that a request is no more, and nobody accepted it.
type Withdrawn struct{ Request Request }

// Parted says that somebody blocks somebody whom they didn't block before.
type Parted struct{ By, UserID int64 }
