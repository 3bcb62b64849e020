/**
 * Deadlines in words: the day as people call it, and what is left. Pure.
 */

const DAY = 86_400;

/** @param {Date} date */
const midnight = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());

/**
 * @param {string} iso
 * @param {string} lang
 * @param {number} [now]
 * @returns {string} `tomorrow 14:00`, `25 Nov 14:00`
 */
export function dayAndTime(iso, lang, now = Date.now()) {
  const date = new Date(iso);
  const days = Math.round((midnight(date) - midnight(new Date(now))) / (DAY * 1000));
  const time = new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    date,
  );
  if (Math.abs(days) <= 1) {
    return `${new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(days, 'day')} ${time}`;
  }
  const far = Math.abs(days) > 300;
  const day = new Intl.DateTimeFormat(lang, {
    month: 'short',
    day: 'numeric',
    ...(far ? { year: /** @type {const} */ ('numeric') } : {}),
  }).format(date);
  return `${day} ${time}`;
}

/**
 * @param {string} iso
 * @param {string} lang
 * @param {number} [now]
 * @returns {string|null} the two largest parts of what is left, null when the time has come
 */
export function leftUntil(iso, lang, now = Date.now()) {
  const seconds = Math.ceil((new Date(iso).getTime() - now) / 1000);
  if (!(seconds > 0)) return null;
  /** @param {number} value @param {string} unit */
  const part = (value, unit) =>
    new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  /** @type {[string, number][]} */
  const units = [
    ['day', DAY],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  const [unit, size] = units[first] ?? ['second', 1];
  const whole = Math.floor(seconds / size);
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds - whole * size) / next[1]) : 0;
  return next && rest > 0 ? `${part(whole, unit)} ${part(rest, next[0])}` : part(whole, unit);
}

/**
 * @param {string} iso
 * @param {number} [now]
 * @returns {number} milliseconds until the words of leftUntil change, roughly: seconds matter in the last hour only
 */
export function ticksIn(iso, now = Date.now()) {
  const left = new Date(iso).getTime() - now;
  return left > 3_600_000 ? Math.min(30_000, left - 3_600_000 + 1) : 1_000;
}
