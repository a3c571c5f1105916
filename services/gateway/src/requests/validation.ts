import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FieldViolation } from '@lockstep/contracts';
import { InvalidRequest } from '../problems/errors.js';

/** Bodies and queries are what their class says, and nothing more. */
export const strictValidation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false },
    exceptionFactory: (errors) =>
      new InvalidRequest('the request does not fit; see its fields', errors.flatMap(fieldOf)),
  });

function fieldOf({ property, constraints, value, children }: ValidationError): FieldViolation[] {
  if (children && children.length > 0) return children.flatMap(fieldOf);
  const expected = Object.values(constraints ?? {}).join(' and ');
  return [{ path: property, expected, came: inShort(value) }];
}

const inShort = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
