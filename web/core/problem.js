/**
 * A failed request. `status` 0 means that no answer came at all.
 */
export class Problem extends Error {
  /**
   * @param {object} facts
   * @param {number} facts.status
   * @param {string} facts.code
   * @param {string} [facts.detail]
   * @param {string} [facts.requestId]
   * @param {Record<string, string[]>} [facts.errors] messages by field
   * @param {number|null} [facts.price] the price the server talks about, where there is one
   * @param {number|null} [facts.retryAfter] seconds
   * @param {Record<string, any>} [facts.meta] everything that the server said, for facts of one code only
   */
  constructor({
    status,
    code,
    detail = '',
    requestId = '',
    errors = {},
    price = null,
    retryAfter = null,
    meta = {},
  }) {
    super(detail || code);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.requestId = requestId;
    this.errors = errors;
    this.price = price;
    this.retryAfter = retryAfter;
    this.meta = meta;
  }

  /** Nobody knows whether the server acted: the same intention may be sent again with the same key. */
  get undecided() {
    return this.status === 0 || this.status >= 500 || this.code === 'idempotency.in_flight';
  }

  get offline() {
    return this.status === 0;
  }

  /** @param {unknown} error @returns {Problem} */
  static from(error) {
    if (error instanceof Problem) return error;
    return new Problem({ status: -1, code: 'client.failure', detail: String(error) });
  }

  /** @param {Response} response @returns {Promise<Problem>} */
  static async of(response) {
    /** @type {Record<string, any>} */
    let body = {};
    try {
      body = (await response.json()) ?? {};
    } catch {
      // A proxy's own error page, or no body.
    }
    const retryAfter = Number(response.headers.get('retry-after') ?? body.retry_after);
    return new Problem({
      status: response.status,
      code: typeof body.code === 'string' ? body.code : `http.${response.status}`,
      detail: typeof body.detail === 'string' ? body.detail : (body.title ?? ''),
      requestId: body.request_id ?? response.headers.get('x-request-id') ?? '',
      errors: body.errors ?? {},
      price: typeof body.price === 'number' ? body.price : null,
      retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
      meta: body,
    });
  }
}
