/**
 * The Link header (RFC 8288), as far as paging needs it. Pure.
 *
 * @param {string|null} header
 * @param {string} rel
 * @returns {string|null} the address of the first link with that relation
 */
export function linkTo(header, rel) {
  for (const [, address, rest] of (header ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/g,
  )) {
    for (const [, quoted, bare] of (rest ?? '').matchAll(/;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]*))/gi)) {
      // One link may stand in several relations.
      if ((quoted ?? bare ?? '').toLowerCase().split(/\s+/).includes(rel)) return address ?? null;
    }
  }
  return null;
}
