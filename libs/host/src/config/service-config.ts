import { IsBoolean, IsIn, IsInt, IsString, IsUrl, Max, Min, MinLength } from 'class-validator';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every service can be told; a service adds its own in a class that extends this one. */
export class ServiceConfig {
  @IsUrl({ protocols: ['redis', 'rediss'], require_tld: false, require_protocol: true })
  redisUrl = 'redis://127.0.0.1:6379';

  /** Where the URL has none. */
  @IsString()
  redisPassword = '';

  /** Of the installation: fixed when it was created. */
  @IsInt()
  @Min(1)
  @Max(1024)
  partitions = 8;

  /** Start against a server that may lose acknowledged writes or evict keys. */
  @IsBoolean()
  unsafeRedis = false;

  @IsString()
  @MinLength(1)
  httpHost = '127.0.0.1';

  /** 0 takes any that is free; the log's line `listening` says which. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  httpPort = 0;

  @IsIn(LOG_LEVELS)
  logLevel: string = 'info';

  /** Count, and serve what was counted at `/metrics`. */
  @IsBoolean()
  metrics = true;
}
