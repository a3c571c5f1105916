import { BadShopRequest, ShopUnavailable, ShopUnreachable } from './errors.js';

export interface CallOptions {
  /** Gives up when aborted; what was sent by then is in doubt. */
  signal?: AbortSignal;
  /** Longest wait for the whole answer, in milliseconds; default 10,000. */
  timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  /** Names this call for a later look-up: 1 to 512 printable ASCII characters. */
  reference: string;
}

interface Answered {
  status: number;
  text: string;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Codes of a connection that was never made, so that nothing can have been sent. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * JSON over HTTP to the outside world; never sends anything twice.
 *
 * Every method throws ShopUnavailable when the request was definitely not acted
 * on, BadShopRequest when it was malformed, ShopUnreachable when it is in doubt.
 */
export class Connection {
  /** @param baseUrl - such as `http://127.0.0.1:7480` */
  constructor(private readonly baseUrl: string) {}

  async post<A>(
    path: string,
    body: unknown,
    options: CallOptions & { reference?: string },
  ): Promise<A> {
    const headers = {
      'content-type': 'application/json',
      ...(options.reference !== undefined && { 'x-reference': options.reference }),
    };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return valueOf(await this.#send(path, request, options)) as A;
  }

  async get<A>(path: string, options: CallOptions): Promise<A> {
    return valueOf(await this.#send(path, {}, options)) as A;
  }

  /** Looks a reference up. @returns undefined when it was definitely not done */
  async find<A>(path: string, options: CallOptions): Promise<A | undefined> {
    const answered = await this.#send(path, {}, options);
    return saysNotDone(answered) ? undefined : (valueOf(answered) as A);
  }

  async #send(path: string, request: RequestInit, options: CallOptions): Promise<Answered> {
    if (options.signal?.aborted) throw new ShopUnavailable('given up before it was sent');
    try {
      const signal = untilGivenUp(options);
      const response = await fetch(new URL(path, this.baseUrl), { ...request, signal });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      if (neverConnected(cause)) throw new ShopUnavailable('no connection', { cause });
      throw new ShopUnreachable(`no answer from ${path}`, { cause });
    }
  }
}

function untilGivenUp({ signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** The 404 of a look-up; that of a wrong address must not pass for a definite no. */
function saysNotDone({ status, text }: Answered): boolean {
  return status === 404 && (jsonOf(text) as { done?: unknown } | null)?.done === false;
}

function neverConnected(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return NEVER_CONNECTED.has(String(code)) || neverConnected(cause);
}

function valueOf({ status, text }: Answered): unknown {
  if (status === 503) throw new ShopUnavailable(`not acted on: ${text}`);
  if (status >= 400 && status < 500) throw new BadShopRequest(text);
  if (status < 200 || status > 299) throw new ShopUnreachable(`answered ${status}: ${text}`);
  return jsonOf(text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ShopUnreachable('the answer is not JSON', { cause });
  }
}
