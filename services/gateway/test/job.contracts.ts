import { IsBoolean, IsInt, IsString } from 'class-validator';
import { LastWrite, Nothing, role, signal, Sum, task, workflow } from '@lockstep/contracts';

export class JobRequest {
  @IsString()
  readonly orderId!: string;
}

export class JobResult {
  @IsBoolean()
  readonly ok!: boolean;
}

export class JobState {
  @LastWrite()
  readonly stage?: string;

  @Sum()
  @IsInt()
  readonly done!: number;
}

export class Approval {
  @IsBoolean()
  readonly approved!: boolean;
}

export const clerk = role('clerk', {
  job: task(JobRequest, JobResult),
  nap: task(Nothing, Nothing),
});

export const job = workflow('job', {
  root: clerk.job,
  state: JobState,
  signals: { approval: signal(Approval) },
});

export const nap = workflow('nap', { root: clerk.nap });
