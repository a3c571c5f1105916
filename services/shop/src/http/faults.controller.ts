import { BadRequestException, Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { TOOLS, UNDO_ARGUMENTS } from '@lockstep/retail/shop';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Max, Min } from 'class-validator';
import type { Aim } from '../faults/aimed-faults.js';
import {
  DEFAULT_DURATION_MS,
  FAULT_KINDS,
  type FaultKind,
  faultsOf,
  LOOKUP_TARGETS,
} from '../faults/fault.js';
import { Faults } from '../faults/faults.js';
import { HeldConnections } from '../faults/held-connections.js';
import type { FaultRate } from '../faults/random-faults.js';
import { validated } from './validated.js';

const TARGETS = [
  ...Object.keys(TOOLS),
  ...Object.keys(UNDO_ARGUMENTS),
  'bank',
  'mail',
  ...LOOKUP_TARGETS,
];

class RateBody implements FaultRate {
  @IsNumber()
  @Min(0)
  @Max(1)
  rate!: number;

  @IsString()
  seed!: string;

  @IsIn(FAULT_KINDS, { each: true })
  kinds: FaultKind[] = [...FAULT_KINDS];

  @IsOptional()
  @IsIn(TARGETS, { each: true })
  targets?: string[];

  @IsInt()
  @Min(0)
  durationMs = DEFAULT_DURATION_MS;
}

class AimBody implements Aim {
  @IsIn(TARGETS)
  target!: string;

  @IsOptional()
  @IsString()
  reference?: string;

  @IsInt()
  @Min(1)
  nth = 1;

  @IsIn(FAULT_KINDS)
  kind!: FaultKind;

  @IsInt()
  @Min(0)
  durationMs = DEFAULT_DURATION_MS;
}

/** The outside world's faults: by rate, at named calls, and what is held right now. */
@Controller('faults')
export class FaultsController {
  constructor(
    private readonly faults: Faults,
    private readonly held: HeldConnections,
  ) {}

  @Get()
  show() {
    const { rate, pending, counts } = this.faults;
    return { rate, at: pending, counts, held: this.held.list() };
  }

  @Put()
  setRate(@Body() body: unknown): FaultRate {
    return (this.faults.rate = validated(RateBody, body));
  }

  @Post('at')
  @HttpCode(201)
  aim(@Body() body: unknown): Aim {
    const aim = validated(AimBody, body);
    const kinds = faultsOf(aim);
    if (!kinds.includes(aim.kind)) {
      throw new BadRequestException(`${aim.target} can meet ${kinds.join(', ')}; choose one.`);
    }
    this.faults.aim(aim);
    return aim;
  }
}
