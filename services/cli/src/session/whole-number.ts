import { InvalidArgumentError } from 'commander';

/** A whole number from `least` to `most`. @throws InvalidArgumentError, which Commander tells */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    const upTo = most === Number.MAX_SAFE_INTEGER ? ' on' : ` to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number from ${least}${upTo}.`);
  };

/** Of a workflow. */
export const version = wholeNumber(1);
