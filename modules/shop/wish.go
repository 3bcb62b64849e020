package shop

import "time"

// Wish is a size that somebody wants, perhaps at a price.
type Wish struct {
	UserID      int64
	ProductID   int64
	TargetPrice *int64
	ReachedAt   *time.Time // when its owner was told that the target is reached
	CreatedAt   time.Time
}
