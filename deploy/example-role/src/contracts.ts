import { role, task, workflow } from '@lockstep/contracts';
import { IsInt, IsString, Min } from 'class-validator';

export class PointsRequest {
  /** Of the shop. */
  @IsString()
  database!: string;

  @IsString()
  userId!: string;
}

export class Points {
  @IsInt()
  @Min(0)
  points!: number;
}

export const loyalty = role('loyalty', { count: task(PointsRequest, Points) });

export const countPoints = workflow('count-points', { root: loyalty.count });
