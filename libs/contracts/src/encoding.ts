import {
  type EncodedPayload,
  Nothing,
  type PayloadClass,
  type VersionedPayload,
} from './payload.js';
import { oldestVersion, upcast, type Upcasters } from './upcast.js';
import { excerpt, validate, type Validated } from './validate.js';
import { ContractTooNew, ContractViolation, type PayloadPlace } from './violations.js';

/** Validates a payload and writes it down in the current version. */
export function encode<Payload>(
  { payload, version }: VersionedPayload<Payload>,
  place: PayloadPlace,
  value: Payload,
): EncodedPayload {
  if (isNothing(payload)) return { version, body: 'null' };
  return written(version, accepted(place, validate(payload, value)));
}

/** As {@link encode}, for some fields of a payload. */
export function encodePart<Payload>(
  payload: PayloadClass<Payload>,
  version: number,
  place: PayloadPlace,
  part: Partial<Payload>,
): EncodedPayload {
  return written(version, accepted(place, validate(payload, part, { partial: true })));
}

/** Reads a payload: parsed once, upcast to the current version, validated. */
export function decode<Payload>(
  { payload, version, upcast: steps }: VersionedPayload<Payload>,
  place: PayloadPlace,
  encoded: EncodedPayload,
): Payload {
  checkReadable(place, encoded.version, version, steps);
  const plain = parse(place, encoded.body);
  const current = upcastAt(place, plain, encoded.version, version, steps);
  return accepted(place, isNothing(payload) ? nothing(current) : validate(payload, current));
}

function checkReadable(
  place: PayloadPlace,
  version: number,
  current: number,
  steps: Upcasters,
): void {
  if (version > current) throw new ContractTooNew(place, version, current);
  const oldest = oldestVersion(current, steps);
  if (Number.isSafeInteger(version) && version >= oldest) return;
  const expected = `must be in one of the versions ${oldest} to ${current}`;
  throw new ContractViolation(place, [{ path: '', expected, came: `version ${version}` }]);
}

function parse(place: PayloadPlace, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const came = excerpt(body);
    throw new ContractViolation(place, [{ path: '', expected: 'must be JSON text', came }], {
      cause,
    });
  }
}

function upcastAt(
  place: PayloadPlace,
  plain: unknown,
  version: number,
  current: number,
  steps: Upcasters,
): unknown {
  try {
    return upcast(plain, version, current, steps);
  } catch (cause) {
    const expected = `must be what the upcasters from version ${version} accept`;
    const came = excerpt(plain);
    throw new ContractViolation(place, [{ path: '', expected, came }], { cause });
  }
}

function accepted<Payload>(place: PayloadPlace, validated: Validated<Payload>): Payload {
  if ('instance' in validated) return validated.instance;
  throw new ContractViolation(place, validated.violations);
}

function written(version: number, value: unknown): EncodedPayload {
  return { version, body: JSON.stringify(value) };
}

function isNothing(payload: PayloadClass<unknown>): boolean {
  return payload === Nothing;
}

/** `Nothing` types its payload as void, which the compiler cannot follow through `Payload`. */
function nothing<Payload>(value: unknown): Validated<Payload> {
  if (value === null) return { instance: undefined as Payload };
  return { violations: [{ path: '', expected: 'must be nothing (null)', came: excerpt(value) }] };
}
