import type { RolledBack } from '@lockstep/contracts';
import {
  type ActionResult,
  concierge,
  isOwnTool,
  type Job,
  type JobResult,
  type MailReceipt,
  notifier,
  payments,
  retailJob,
  retailVisit,
  TOOL_TASKS,
  type ToolAnswer,
  type Visit,
  type VisitResult,
  wholeRetailJob,
  writeKey,
} from '@lockstep/retail/contracts';
import { ShopTools } from '@lockstep/retail/effects';
import {
  isWriteTool,
  type PaymentEntry,
  paymentEntriesOf,
  type ToolArguments,
  type ToolValue,
  type WriteTool,
} from '@lockstep/retail/shop';
import { Agent, Task, type TaskContext } from '@lockstep/runtime';
import { apologyOf, mailOf } from './mail.js';
import { type NumberedAction, type Phase, phasesOf } from './plan.js';
import { mustBeDone, progressOf, resultOf } from './results.js';

/** Follows a job's plan to its end, goes on after a refusal, and tells the customer. */
@Agent(concierge)
export class ConciergeAgent {
  constructor(private readonly tools: ShopTools) {}

  @Task(concierge.job, { timeout: '30s' })
  async job(job: Job, task: TaskContext): Promise<JobResult> {
    const results: ActionResult[] = [];
    for (const phase of phasesOf(job.actions)) {
      results.push(...(await this.#run(phase, job, task)));
    }
    return closed(job, results, task);
  }

  @Task(concierge.wholeJob, { timeout: '30s' })
  async wholeJob(job: Job, task: TaskContext): Promise<JobResult> {
    const results: ActionResult[] = [];
    for (const phase of phasesOf(job.actions)) {
      results.push(...mustBeDone(await this.#run(phase, job, task)));
    }
    return closed(job, results, task);
  }

  @Task(concierge.apology, { timeout: '30s' })
  apology(rolledBack: RolledBack, task: TaskContext): Promise<MailReceipt> {
    return task.call(notifier.mail, apologyOf(rolledBack));
  }

  @Task(concierge.visit, { timeout: '30s' })
  async visit({ jobs }: Visit, task: TaskContext): Promise<VisitResult> {
    const results: JobResult[] = [];
    for (const job of jobs) results.push(await task.call(concierge.job, job));
    return { results };
  }

  async #run(phase: Phase, job: Job, task: TaskContext): Promise<ActionResult[]> {
    const answers = await task.all(phase.map((action) => this.#answer(action, job, task)));
    const results: ActionResult[] = [];
    let bookings = 0;
    for (const [at, action] of phase.entries()) {
      const answer = answers[at] as ToolAnswer;
      results.push(resultOf(action, answer));
      bookings += await book(action, answer, job, task);
    }
    await summaryOf(task).merge(progressOf(phase, results, bookings));
    return results;
  }

  #answer({ name, index, arguments: args }: NumberedAction, job: Job, task: TaskContext) {
    const request = { database: job.database, job: job.job, index, arguments: args };
    if (!isOwnTool(name)) return task.call(TOOL_TASKS[name], request);
    const own = { ...request, arguments: args as ToolArguments<typeof name> };
    return this.tools.read(name, own, task);
  }
}

/** Tells the customer what was done, and sums it up. */
async function closed(job: Job, results: ActionResult[], task: TaskContext): Promise<JobResult> {
  await task.call(notifier.mail, mailOf(job, results));
  const transferred = results.some(({ name, ok }) => ok && name === 'transfer_to_human_agents');
  await summaryOf(task).merge({ outcome: transferred ? 'transferred' : 'served' });
  return { results, transferred };
}

const SUMMED_UP = [retailJob, wholeRetailJob, retailVisit];

/** A job's summary; that of a visit sums up all of its jobs. */
const summaryOf = (task: TaskContext) =>
  task.state(SUMMED_UP.find(({ type }) => type === task.workflow.type) ?? retailJob);

/** Has the bank book, one by one, the payment entries that a write appended. @returns how many */
async function book(
  { name, index, arguments: args }: NumberedAction,
  answer: ToolAnswer,
  { database, job }: Job,
  task: TaskContext,
): Promise<number> {
  if (!answer.ok || !isWriteTool(name)) return 0;
  const write = writeKey(name, { database, job, index, arguments: args });
  const entries = entriesOf(name, answer);
  for (const [entry, payment] of entries.entries()) {
    const { order_id: orderId } = args as { order_id: string };
    await task.call(payments.book, { database, orderId, write, entry, payment });
  }
  return entries.length;
}

const entriesOf = (tool: WriteTool, { value }: ToolAnswer): PaymentEntry[] =>
  paymentEntriesOf(tool, value as ToolValue<WriteTool>);
