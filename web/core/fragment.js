/**
 * What a link in a mail carries behind its `#`: servers and their logs never see it. It leaves the address bar
 * as soon as it is read, and with it the history.
 *
 * @returns {URLSearchParams}
 */
export function takeFragment() {
  const { hash, pathname, search } = location;
  if (hash.length > 1) history.replaceState(history.state, '', pathname + search);
  return new URLSearchParams(hash.slice(1));
}
