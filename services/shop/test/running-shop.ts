import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BankClient, MailClient, ShopClient } from '@lockstep/retail/shop';
import { readConfig } from '../src/config.js';
import { startServer } from '../src/server.js';

/** The outside world over the sample, in this process, on a free port. */
export async function startShop() {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const app = await startServer(
    readConfig({ LOCKSTEP_HTTP_PORT: '0', LOCKSTEP_LOG_LEVEL: 'silent', SHOP_DATA_DIR: folder }),
  );
  const url = await app.getUrl();
  const stop = async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  };
  return { url, stop, ...clientsOf(url) };
}

export function clientsOf(url: string) {
  return { shop: new ShopClient(url), bank: new BankClient(url), mail: new MailClient(url) };
}

/** Sends JSON as any client would. */
export async function send(
  method: string,
  url: string,
  body?: unknown,
  headers = {},
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
