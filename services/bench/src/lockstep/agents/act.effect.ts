import { setTimeout as pause } from 'node:timers/promises';
import { effect } from '@lockstep/runtime';
import { beganStep, readDiary } from '../../jobs/diary.js';
import type { WalkPlan } from '../../jobs/jobs.js';

interface Act {
  readonly job: string;
  readonly step: number;
  readonly plan: WalkPlan;
}

/** A step that acts on the outside world; the diary is that world, and knows at once what has been done. */
export const act = effect<Act, null>('act', {
  async perform({ job, step, plan }) {
    beganStep(plan.diary, job, step);
    return pause(plan.stepMs, null);
  },
  async probe({ job, step, plan }) {
    const lines = await readDiary(plan.diary);
    const happened = lines.some((line) => line.job === job && line.step === step);
    return happened ? { happened, receipt: null } : { happened };
  },
  timeout: '1s',
  window: '500ms',
});
