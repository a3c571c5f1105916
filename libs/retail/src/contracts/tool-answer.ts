import { Allow, IsBoolean, IsOptional, Matches } from 'class-validator';

/**
 * A write's answer when its order has had it before with other arguments: its key names that action, and the
 * shop is not asked again.
 */
export const ASKED_BEFORE = 'Error: asked for before, in another way';

/** What a tool said: its value, or a definite no after which nothing has changed. */
export class ToolAnswer {
  @IsBoolean()
  ok!: boolean;

  /** The shop's exact text, or ASKED_BEFORE; there when, and only when, it was refused. */
  @IsOptional()
  @Matches(/^Error: /)
  error?: string;

  /** A record, an id or a text, as the tool returns it; there when it succeeded. */
  @Allow()
  value?: unknown;
}
