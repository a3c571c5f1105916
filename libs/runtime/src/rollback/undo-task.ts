import { IsInt } from 'class-validator';
import { type AnyRole, type AnyTask, Nothing, task } from '@lockstep/contracts';
import { UNDO, type Version } from '@lockstep/kernel';
import type { HandlerContext } from '../context/handler-context.js';
import type { AnyEffect } from '../effects/spec.js';
import type { TaskHandler } from '../worker/claimed-task.js';
import { undo } from './undo.js';

/** What a rollback asks a role for. */
class UndoRequest {
  /** Of the EffectCommitted. */
  @IsInt()
  readonly version!: Version;
}

/** An attempt to undo may take as long as an attempt of a task may by default, unit ms. */
const TIMEOUT_MS = 300_000;

/** Each role has this task beside those of its contract: it undoes what the role's tasks have committed. */
export function undoTask(role: AnyRole, effects: ReadonlyMap<string, AnyEffect>): TaskHandler {
  const { name, major, inbox } = role;
  const declared = task(UndoRequest, Nothing);
  const contract = { ...declared, role: name, major, inbox, name: UNDO } as AnyTask;
  return {
    contract,
    options: { timeoutMs: TIMEOUT_MS },
    invoke: (request, context) =>
      undo(effects, (request as UndoRequest).version, context as HandlerContext),
  };
}
