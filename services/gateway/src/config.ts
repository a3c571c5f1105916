import { readFileSync } from 'node:fs';
import { InvalidSettings, ServiceConfig, variableOf } from '@lockstep/host';
import { IsString, MinLength } from 'class-validator';
import { ApiKeys } from './auth/api-keys.js';

export class GatewayConfig extends ServiceConfig {
  /** Modules that export the contracts of workflows and roles, separated by commas. */
  @IsString()
  @MinLength(1)
  contracts = '@lockstep/retail/contracts';

  /** `<key>=<tenant>` pairs, separated by commas. */
  @IsString()
  apiKeys = '';

  /** A file with such pairs, one a line. */
  @IsString()
  apiKeysFile = '';

  get contractModules(): string[] {
    return this.contracts.split(',').map((specifier) => specifier.trim());
  }
}

/**
 * The keys that the settings name.
 *
 * @throws InvalidSettings when a pair is wrong, the file cannot be read, or there is no key and the gateway
 *   would listen elsewhere than on loopback
 */
export function apiKeysOf({ apiKeys, apiKeysFile, httpHost }: GatewayConfig): ApiKeys {
  const inFile = apiKeysFile === '' ? '' : readKeys(apiKeysFile);
  const keys = parseKeys(`${apiKeys}\n${inFile}`);
  if (!keys.isEmpty || isLoopback(httpHost)) return keys;
  throw invalid(
    'httpHost',
    httpHost,
    'without an API key the gateway listens on loopback only (127.0.0.1); ' +
      'to let others in, set LOCKSTEP_API_KEYS=<key>=<tenant> or LOCKSTEP_API_KEYS_FILE',
  );
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function readKeys(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { message } = error as Error;
    throw invalid('apiKeysFile', file, `it must be a file that can be read (${message})`);
  }
}

function parseKeys(text: string): ApiKeys {
  try {
    return ApiKeys.parse(text);
  } catch (error) {
    throw invalid('apiKeys', '(hidden)', (error as Error).message);
  }
}

const invalid = (field: keyof GatewayConfig, came: string, expected: string): InvalidSettings =>
  new InvalidSettings([{ variable: variableOf(field), expected, came, fallback: undefined }]);
