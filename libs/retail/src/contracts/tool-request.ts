import { type PayloadClass, task, type TaskDeclaration } from '@lockstep/contracts';
import { Type } from 'class-transformer';
import { IsInt, IsObject, Matches, Min, ValidateNested } from 'class-validator';
import { TOOL_ARGUMENTS, type ToolArguments } from '../shop/arguments.js';
import type { ToolName } from '../shop/tools.js';
import { ToolAnswer } from './tool-answer.js';

/** Without a slash, so that keys which are put together from such names never meet. */
export const PLACE_NAME = /^[A-Za-z0-9._-]{1,100}$/;

/** Which action of which job this is, and on which of the shop's databases it acts. */
export class ActionPlace {
  @Matches(PLACE_NAME)
  database!: string;

  @Matches(PLACE_NAME)
  job!: string;

  /** Position of the action in the job's plan; from 0. */
  @IsInt()
  @Min(0)
  index!: number;
}

/** A tool of the shop to be called for an action. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each tool has its own
export class ToolRequest<Arguments extends object = object> extends ActionPlace {
  @IsObject()
  arguments!: Arguments;
}

/** Declares the task of calling one tool, its arguments validated as that tool's. */
export function toolTask<T extends ToolName>(
  tool: T,
): TaskDeclaration<ToolRequest<ToolArguments<T>>, ToolAnswer> {
  return task(
    requestClass(tool, TOOL_ARGUMENTS[tool] as PayloadClass<ToolArguments<T>>),
    ToolAnswer,
  );
}

/** A class of its own for each tool: contracts, schemas and errors show it by name. */
function requestClass<Arguments extends object>(
  tool: string,
  argumentsClass: PayloadClass<Arguments>,
): PayloadClass<ToolRequest<Arguments>> {
  class Request extends ToolRequest<Arguments> {
    @ValidateNested()
    @Type(() => argumentsClass)
    override arguments!: Arguments;
  }
  const name = tool.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  Object.defineProperty(Request, 'name', { value: `${name}Request` });
  return Request;
}
