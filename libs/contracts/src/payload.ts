import type { Upcasters } from './upcast.js';

/** A class that describes a payload: class-validator rules on its fields, no constructor arguments. */
export type PayloadClass<Payload> = new () => Payload;

/** The payload of a task that asks or answers nothing; `void` to TypeScript, `null` on the wire. */
export const Nothing: PayloadClass<void> = class Nothing {
  readonly nothing?: never;
};

/** A payload's class at its current version, with the way from older ones. */
export interface VersionedPayload<Payload> {
  readonly payload: PayloadClass<Payload>;
  readonly version: number;
  readonly upcast: Upcasters;
}

/** A payload as it is stored and sent. */
export interface EncodedPayload {
  /** Version of the contract that wrote it; from 1. */
  readonly version: number;
  /** JSON text. */
  readonly body: string;
}

export interface VersionOptions {
  /** Of the payload's schema; default 1. */
  readonly version?: number;
  /** From each older version that may still arrive to the next; default none. */
  readonly upcast?: Upcasters;
}
