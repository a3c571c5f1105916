import { describe, expect, it } from '@jest/globals';
import { Expose, Transform, Type } from 'class-transformer';
import {
  Allow,
  IsInt,
  IsOptional,
  IsString,
  Validate,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';

import {
  decodeRequest,
  encodeRequest,
  InvalidContract,
  Nothing,
  type PayloadClass,
  role,
  task,
} from './index.js';
import { validate } from './validate.js';
import { Line } from '../test/sample.js';

@ValidatorConstraint({ async: true })
class LaterRule {
  validate(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

class Unruled {
  field!: string;
}

class Built {
  @IsString()
  field: string;

  constructor(field: string) {
    this.field = field;
  }
}

class Untyped {
  @ValidateNested({ each: true })
  lines!: Line[];
}

class Unvalidated {
  @Allow()
  @Type(() => Line)
  line!: Line;
}

class Renamed {
  @IsString()
  @Expose({ name: 'other' })
  field!: string;
}

class Transformed {
  @IsString()
  @Transform(({ value }: { value: unknown }) => String(value))
  field!: string;
}

class Converted {
  @ValidateNested()
  @Type(() => Number)
  amount!: number;
}

class Union {
  @ValidateNested()
  @Type(() => Line, {
    discriminator: { property: 'kind', subTypes: [{ name: 'line', value: Line }] },
  })
  line!: Line;
}

class Serialized {
  @IsString()
  field!: string;

  toJSON(): string {
    return this.field;
  }
}

class Later {
  @Validate(LaterRule)
  field!: string;
}

class Nesting {
  @ValidateNested()
  @Type(() => Converted)
  inner!: Converted;
}

describe('a class that could not be validated whole is refused where it is declared', () => {
  it.each<[string, PayloadClass<unknown>, string]>([
    ['no rule at all', Unruled, 'Unruled cannot be a payload: it has no field with'],
    ['a constructor with arguments', Built as never, 'has a constructor with arguments'],
    [
      'nested validation without a type',
      Untyped,
      'needs @Type(() => …) beside @ValidateNested on lines',
    ],
    [
      'a type without nested validation',
      Unvalidated,
      'needs @ValidateNested() beside @Type on line',
    ],
    ['a renamed field', Renamed, 'uses @Expose or @Exclude'],
    ['a transformed field', Transformed, 'uses @Transform on field'],
    ['a converted field', Converted, 'converts amount to Number'],
    ['a union of classes', Union, 'chooses the class of line by a discriminator'],
    ['a text form of its own', Serialized, 'has a toJSON method'],
    ['a rule that answers later', Later, 'has a rule on field that answers later'],
    ['a nested class with any of these', Nesting, 'Converted cannot be a payload'],
  ])('for %s', (_case, payload, reason) => {
    expect(() => task(payload, Nothing)).toThrow(reason);
    expect(() => task(Nothing, payload)).toThrow(InvalidContract);
  });
});

class Base {
  @IsString()
  id!: string;
}

class Derived extends Base {
  @IsInt({ each: true })
  counts!: number[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Line)
  line?: Line;

  @IsInt()
  limit = 10;

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  isLong(): boolean {
    return this.counts.length > this.limit;
  }
}

const { derived } = role('some', { derived: task(Derived, Nothing) });

describe('the fields of a payload', () => {
  const send = (value: unknown) => encodeRequest(derived, value as Derived);
  const accepts = (value: unknown) => 'instance' in validate(Derived, value);

  it('include inherited ones', () => {
    expect(accepts({ id: 'a', counts: [] })).toBe(true);
    expect(accepts({ id: 1, counts: [] })).toBe(false);
  });

  it('are arrays where they are declared so, also when each item has a rule', () => {
    expect(accepts({ id: 'a', counts: 5 })).toBe(false);
  });

  it('are objects where they are declared so, though nested validation takes an empty array', () => {
    expect(accepts({ id: 'a', counts: [], line: [] })).toBe(false);
    expect(accepts({ id: 'a', counts: [], line: { sku: 'x', price: 1 } })).toBe(true);
  });

  it('may be left out when optional', () => {
    expect(accepts({ id: 'a', counts: [], line: undefined })).toBe(true);
  });

  it('have the value that the class gives them when they are absent', () => {
    expect(send({ id: 'a', counts: [] }).body).toContain('"limit":10');
  });

  it('may be computed by a getter, which is not sent', () => {
    const sent = send({ id: 'a', counts: [1, 2], total: 99 });
    expect(sent.body).not.toContain('total');
    expect(decodeRequest(derived, sent).total).toBe(3);
  });

  it('cannot take the place of a method', () => {
    const body = JSON.stringify({ id: 'a', counts: [], isLong: true });
    expect(() => decodeRequest(derived, { version: 1, body })).toThrow('isLong should not exist');
  });
});
