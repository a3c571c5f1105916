import { Transform } from 'class-transformer';
import { IsInt } from 'class-validator';

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A time as `2026-11-21T03:00:00Z`, or a day for its beginning in UTC; in milliseconds then. */
export const IsTime = (): PropertyDecorator => (target, property) => {
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && TIME.test(value) ? Date.parse(value) : value,
  )(target, property);
  IsInt({ message: '$property must be a time such as 2026-11-21T03:00:00Z' })(target, property);
};
