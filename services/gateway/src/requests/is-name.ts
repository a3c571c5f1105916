import { Matches } from 'class-validator';
import { NAME_PATTERN } from '@lockstep/contracts';

/** @param what - as in `a role` */
export const IsNameOf = (what: string): PropertyDecorator =>
  Matches(NAME_PATTERN, { message: `$property must name ${what}` });
