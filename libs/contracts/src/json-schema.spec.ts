import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';

import { jsonSchemaOf, Nothing } from './index.js';
import { JobState, RefundRequest } from '../test/sample.js';

class Category {
  @IsString()
  name!: string;

  @ValidateNested({ each: true })
  @Type(() => Category)
  parts!: Category[];
}

describe('the JSON Schema of a class', () => {
  it('states the rules of its fields, nested classes included', () => {
    expect(jsonSchemaOf(RefundRequest)).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['orderId', 'items', 'customer', 'tags'],
      properties: {
        orderId: { type: 'string' },
        items: { type: 'array', minItems: 1, items: { $ref: '#/$defs/Line' } },
        customer: { type: 'object', $ref: '#/$defs/Customer' },
        tags: { type: 'array', items: { type: 'string' } },
        origin: { type: 'object' },
      },
      $defs: {
        Line: {
          type: 'object',
          additionalProperties: false,
          required: ['sku', 'price'],
          properties: { sku: { type: 'string' }, price: { type: 'integer', exclusiveMinimum: 0 } },
        },
        Customer: {
          type: 'object',
          additionalProperties: false,
          required: ['name'],
          properties: { name: { type: 'string', maxLength: 40 } },
        },
      },
    });
  });

  it('may refer to itself', () => {
    expect(jsonSchemaOf(Category)).toMatchObject({
      properties: { parts: { items: { $ref: '#/$defs/Category' } } },
      $defs: { Category: { properties: { name: { type: 'string' } } } },
    });
  });

  it('is null for nothing', () => {
    expect(jsonSchemaOf(Nothing)).toEqual({ type: 'null' });
  });

  it('exists for a shared state', () => {
    expect(jsonSchemaOf(JobState)).toMatchObject({
      properties: { refunds: { type: 'number' }, notes: { type: 'array' } },
    });
  });
});
