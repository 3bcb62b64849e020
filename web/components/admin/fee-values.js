/**
 * Rates as people type them: percent; the server takes basis points. Pure.
 */

/** @param {string} typed @param {number} max in basis points @returns {number|null} basis points; null where it is none */
export function bpsOf(typed, max) {
  const text = typed.trim().replace(/%$/, '').trim();
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text)) return null;
  const bps = Math.round(Number(text) * 100);
  return bps <= max ? bps : null;
}

/** @param {number} bps @returns {string} as bpsOf reads it */
export function percentOf(bps) {
  return String(bps / 100);
}

/** @param {Date} date @returns {string} as a field for date and time takes it, in local time, whole minutes */
export function localMinute(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
