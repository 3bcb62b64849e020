package shop

import (
	"context"
	"sync"
	"time"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// feeList keeps the schedules for a while. A schedule is known feeNotice before
// it begins, so a list of feeCache ago still holds.
type feeList struct {
	base Terms

	mu        sync.Mutex
	schedules []FeeSchedule // replaced, never changed
	readAt    time.Time
}

// termsAt returns the terms in force at now.
func (s *Service) termsAt(ctx context.Context, now time.Time) (Terms, error) {
	s.fees.mu.Lock()
	schedules, fresh := s.fees.schedules, !s.fees.readAt.IsZero() && now.Sub(s.fees.readAt).Abs() < feeCache
	s.fees.mu.Unlock()
	if !fresh {
		var err error
		if schedules, err = s.store.FeesFrom(ctx, now.Add(-feeCache)); err != nil {
			return Terms{}, err
		}
		s.fees.mu.Lock()
		s.fees.schedules, s.fees.readAt = schedules, now
		s.fees.mu.Unlock()
	}
	return termsAt(schedules, s.fees.base, now), nil
}

// Terms returns the terms in force.
func (s *Service) Terms(ctx context.Context) (Terms, error) { return s.termsAt(ctx, s.now()) }

// Fees is a page of the schedules, and what holds now: the terms of the one in
// force or, before the first, those of the settings.
type Fees struct {
	page.List[FeeSchedule]
	Now Terms
}

// FeeSchedules lists the schedules, the latest first. Staff only.
func (s *Service) FeeSchedules(ctx context.Context, p page.Request) (Fees, error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return Fees{}, err
	}
	now := s.now()
	list, err := s.store.FeeSchedules(ctx, now, p)
	if err != nil {
		return Fees{}, err
	}
	begun, err := s.store.FeesFrom(ctx, now)
	return Fees{List: list, Now: termsAt(begun, s.fees.base, now)}, err
}

// AddFeeSchedule sets terms from a time on. It must be an hour ahead, so that
// every node knows it when it comes. Staff only. Errors: ErrFeesTaken, fields.
func (s *Service) AddFeeSchedule(ctx context.Context, f FeeSchedule) (FeeSchedule, error) {
	err := s.asStaff(ctx, func(ctx context.Context) error {
		now := s.now()
		wrong := f.Terms.check()
		if f.EffectiveFrom.Before(now.Add(feeNotice)) {
			wrong = wrong.WithField("effective_from", "must be at least an hour ahead")
		}
		if err := refusal(wrong); err != nil {
			return err
		}
		f.ID, f.CreatedBy, f.CreatedAt, f.EffectiveFrom = 0, auth.UserID(ctx), now, f.EffectiveFrom.UTC().Truncate(time.Second)
		if err := s.store.InsertFeeSchedule(ctx, &f); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.fees.create", target("fees", f.ID), "", nil, auditedTerms(f))
	})
	return f, err
}

// DeleteFeeSchedule takes a schedule back that has not begun. Staff only.
// Errors: ErrFeesNotFound, ErrFeesFixed.
func (s *Service) DeleteFeeSchedule(ctx context.Context, id int64) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		f, err := s.store.FeeSchedule(ctx, id)
		if err != nil {
			return err
		}
		if f.EffectiveFrom.Before(s.now().Add(feeFixed)) {
			return ErrFeesFixed
		}
		if err := s.store.DeleteFeeSchedule(ctx, id); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.fees.delete", target("fees", id), "", auditedTerms(f), nil)
	})
}

// reasonOf checks the words with which the staff explains a step.
func reasonOf(text string) error {
	if !plainText(text, 1, 300) {
		return fault.ErrInvalid.WithField("reason", "must have 1 to 300 characters")
	}
	return nil
}
