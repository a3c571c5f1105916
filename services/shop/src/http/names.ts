import { BadRequestException, NotFoundException } from '@nestjs/common';
import {
  isToolName,
  isUndoName,
  TOOLS,
  type ToolName,
  UNDO_ARGUMENTS,
  type UndoName,
} from '@lockstep/retail/shop';

/** References and names of databases: 1 to 512 characters that a header can carry. */
export const NAME = /^[\x21-\x7e]([\x20-\x7e]{0,510}[\x21-\x7e])?$/;

export const NAME_RULE = '1 to 512 printable ASCII characters, no space at either end';

/** Longest parameter of a path, percent-encoded. */
export const LONGEST_PARAMETER = 3 * 512;

/** @throws BadRequestException unless it may name a database */
export function databaseName(name: string): string {
  if (NAME.test(name)) return name;
  throw new BadRequestException(`The database's name must be ${NAME_RULE}; choose another.`);
}

/** @throws BadRequestException unless the header holds a reference */
export function referenceOf(header: string | undefined): string {
  if (header !== undefined && NAME.test(header)) return header;
  throw new BadRequestException(
    `A write needs the header X-Reference, ${NAME_RULE}, by which it can be looked up later. ` +
      'Nothing was done: add it and send the call again.',
  );
}

/** @throws NotFoundException that lists the tools */
export function toolName(name: string): ToolName {
  if (isToolName(name)) return name;
  throw new NotFoundException(`There is no such tool; there are ${Object.keys(TOOLS).join(', ')}.`);
}

/** @throws NotFoundException that lists the undos */
export function undoName(name: string): UndoName {
  if (isUndoName(name)) return name;
  const names = Object.keys(UNDO_ARGUMENTS).join(', ');
  throw new NotFoundException(`There is no such undo; there are ${names}.`);
}

/** The definite no of a look-up; unlike the 404 of a wrong address, it says `done: false`. */
export function notDone(reference: string): NotFoundException {
  const message = `Nothing was done under ${reference}.`;
  return new NotFoundException({ statusCode: 404, error: 'Not Found', done: false, message });
}
