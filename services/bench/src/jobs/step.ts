import { setTimeout as pause } from 'node:timers/promises';
import { beganStep } from './diary.js';
import { type StepResult, TEXT, type WalkPlan } from './jobs.js';

/** Does one step of a walk: what both systems call between two records. */
export function takeStep(
  job: string,
  step: number,
  plan: WalkPlan,
): StepResult | Promise<StepResult> {
  const result = { step, text: TEXT };
  if (plan.diary !== '') beganStep(plan.diary, job, step);
  return plan.stepMs === 0 ? result : pause(plan.stepMs, result);
}
