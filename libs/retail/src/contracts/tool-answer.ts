import { Allow, IsBoolean, IsOptional, Matches } from 'class-validator';

/** What a tool said: its value, or a definite no after which nothing has changed. */
export class ToolAnswer {
  @IsBoolean()
  ok!: boolean;

  /** The shop's exact text; there when, and only when, it refused. */
  @IsOptional()
  @Matches(/^Error: /)
  error?: string;

  /** A record, an id or a text, as the tool returns it; there when it succeeded. */
  @Allow()
  value?: unknown;
}
