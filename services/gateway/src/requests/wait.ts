import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import ms, { type StringValue } from 'ms';

const MAX_WAIT_MS = 60_000;
const DURATION = /^\d+(ms|s|m)?$/;

/** A duration as `30s` or `500ms`, in milliseconds then; at most a minute. */
export const IsWait = (): PropertyDecorator => (target, property) => {
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && DURATION.test(value) ? ms(value as StringValue) : value,
  )(target, property);
  const message = '$property must be a duration from 0 to 60s, such as 500ms or 30s';
  IsInt({ message })(target, property);
  Min(0, { message })(target, property);
  Max(MAX_WAIT_MS, { message })(target, property);
};
