import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Max,
  Min,
  MinLength,
  validateSync,
} from 'class-validator';
import { FAULT_KINDS, type FaultKind } from './faults/fault.js';

const SAMPLE = fileURLToPath(new URL('../../demo/sample', import.meta.url));

/** Settings of the outside world, by the names of their environment variables. */
export class Config {
  /** Address to listen on. */
  @IsString()
  @MinLength(1)
  LOCKSTEP_HTTP_HOST = '127.0.0.1';

  /** Port to listen on; 0 takes any that is free. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  LOCKSTEP_HTTP_PORT = 7480;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOCKSTEP_LOG_LEVEL = 'info';

  /** Folder of the store's one file, made on first use. */
  @IsString()
  @MinLength(1)
  SHOP_DATA_DIR = '.lockstep/shop';

  /** Folder with `users.json`, `orders.json` and `products.json`. */
  @IsString()
  @MinLength(1)
  SHOP_INITIAL_DIR = SAMPLE;

  /** Part of all calls that meets a fault, 0 to 1. */
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  SHOP_FAULT_RATE = 0;

  /** Decides which calls meet which fault. */
  @IsString()
  SHOP_FAULT_SEED = 'lockstep';

  /** Kinds of faults, separated by commas. */
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',') : value,
  )
  @IsArray()
  @IsIn(FAULT_KINDS, { each: true })
  SHOP_FAULT_KINDS: FaultKind[] = [...FAULT_KINDS];
}

/** @throws Error that names every setting that does not fit, and what would */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const config = plainToInstance(Config, environment, { exposeDefaultValues: true });
  const problems = validateSync(config).flatMap(({ constraints, value }) =>
    Object.values(constraints ?? {}).map((text) => `${text} (it is ${JSON.stringify(value)})`),
  );
  if (problems.length > 0) throw new Error(`settings do not fit: ${problems.join('; ')}`);
  return config;
}
