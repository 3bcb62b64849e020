package inbox

import "rally/platform/fault"

// Faults of the inbox.
var (
	ErrKindRequired   = fault.New(fault.Invalid, "inbox.kind_required", "What concerns the security of your account can't be switched off.")
	ErrReadWhat       = fault.New(fault.Invalid, "inbox.read_what", "Say which notifications, or all.")
	ErrPersonNotFound = fault.New(fault.NotFound, "inbox.person_not_found", "There is nobody of that number.")
)
