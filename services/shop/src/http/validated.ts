import { BadRequestException } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

const LONGEST_SHOWN = 80;

/**
 * A body as an instance of its class.
 *
 * @throws BadRequestException that names every field that does not fit, what
 * was expected, what came (cut short), and what to do
 */
export function validated<C extends object>(type: new () => C, body: unknown): C {
  const fields = body ?? {};
  if (typeof fields !== 'object' || Array.isArray(fields)) {
    throw misfit([`the body must be one JSON object (got ${shown(body)})`]);
  }
  const value = plainToInstance(type, fields);
  const errors = validateSync(value, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false, // a tool without arguments has a class without rules
  });
  if (errors.length > 0) throw misfit(errors.flatMap((error) => problemsOf(error)));
  return value;
}

function problemsOf(error: ValidationError, path = ''): string[] {
  const field = `${path}${error.property}`;
  const own = Object.values(error.constraints ?? {}).map(
    (expectation) => `${path}${expectation} (got ${shown(error.value)})`,
  );
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, `${field}.`))];
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function misfit(problems: string[]): BadRequestException {
  return new BadRequestException({
    statusCode: 400,
    error: 'Bad Request',
    message: 'The body does not fit. Nothing was done: correct it and send it again.',
    problems,
  });
}
