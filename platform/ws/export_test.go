package ws

// AtWork returns how many writers count as at work, and whether somebody is in
// their line.
func (h *Hub) AtWork() (writers int, line bool) {
	h.writers.mu.Lock()
	defer h.writers.mu.Unlock()
	return h.writers.work, h.writers.first != nil
}
