package accounts

import (
	"context"
	"time"
)

// Kinds of security events, as they are stored and answered.
const (
	EventNewDevice        = "new_device"
	EventDeviceTrusted    = "device_trusted"
	EventPasswordChanged  = "password_changed"
	EventPasswordReset    = "password_reset"
	EventEmailRequested   = "email_change_requested"
	EventEmailChanged     = "email_changed"
	EventOTPEnabled       = "otp_enabled"
	EventOTPDisabled      = "otp_disabled"
	EventRecoveryRenewed  = "recovery_renewed"
	EventRecoveryUsed     = "recovery_used"
	EventPasskeyAdded     = "passkey_added"
	EventPasskeyRemoved   = "passkey_removed"
	EventSecondStepChange = "second_step_changed"
	EventLoginLinked      = "login_linked"
	EventLoginUnlinked    = "login_unlinked"
	EventRefreshReused    = "refresh_reused"
	EventQuit             = "quit"
	EventCameBack         = "came_back"
)

// SecurityEvent is something that happened to the security of an account. Its
// owner reads it in the list, and gets a mail.
type SecurityEvent struct {
	ID       int64
	UserID   int64
	Kind     string
	Provider string // of linked logins
	Client   Client
	At       time.Time
}

// note stores a security event in the transaction of ctx and mails it to an
// address of its owner.
func (s *Service) note(ctx context.Context, to string, e SecurityEvent) error {
	e.At, e.Client = s.now(), e.Client.clean()
	if err := s.store.InsertSecurityEvent(ctx, e); err != nil {
		return err
	}
	s.tx.AfterCommit(ctx, func(ctx context.Context) { s.journal.Note(ctx, e) })
	if err := s.events.Emit(ctx, SecurityNoted{Event: e, Device: e.Client.DeviceName()}); err != nil {
		return err
	}
	return s.mailer.Send(ctx, eventLetter(to, e))
}
