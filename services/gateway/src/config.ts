import { ServiceConfig } from '@lockstep/host';
import { IsString, MinLength, ValidateBy, type ValidationArguments } from 'class-validator';
import { ApiKeys } from './auth/api-keys.js';
import { isLoopback } from './auth/loopback.js';

export class GatewayConfig extends ServiceConfig {
  @Unless(exposure)
  override httpHost = '127.0.0.1';

  /** Modules that export the contracts of workflows, separated by commas. */
  @IsString()
  @MinLength(1)
  contracts = '@lockstep/retail/contracts';

  /** `<key>=<tenant>` pairs, separated by commas or lines. */
  @Unless(({ apiKeys }) => reasonAgainst(() => ApiKeys.parse(apiKeys)))
  apiKeys = '';

  get contractModules(): string[] {
    return this.contracts.split(',').map((specifier) => specifier.trim());
  }

  keys(): ApiKeys {
    return ApiKeys.parse(this.apiKeys);
  }
}

/** What is wrong with the setting, in words; null when it fits. */
type Reason = (config: GatewayConfig) => string | null;

function Unless(reason: Reason): PropertyDecorator {
  const of = (args?: ValidationArguments): string | null => reason(args?.object as GatewayConfig);
  return ValidateBy({
    name: 'fits',
    validator: {
      validate: (_value, args) => of(args) === null,
      defaultMessage: (args) => of(args) ?? '',
    },
  });
}

/** Whoever reaches a gateway without keys may do everything: so only this machine does. */
function exposure(config: GatewayConfig): string | null {
  const isOpen = reasonAgainst(() => config.keys()) === null && config.keys().isEmpty;
  if (!isOpen || isLoopback(config.httpHost)) return null;
  return (
    'without an API key the gateway listens on loopback only (127.0.0.1); to let others in, ' +
    'set LOCKSTEP_API_KEYS=<key>=<tenant> or LOCKSTEP_API_KEYS_FILE'
  );
}

function reasonAgainst(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
