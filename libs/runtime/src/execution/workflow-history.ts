import type { RecordedEvent, Version, WorkflowId } from '@lockstep/kernel';
import type { LogReader } from '@lockstep/store';

/** The log of a workflow from its beginning, read only when somebody asks, and each entry once. */
export class WorkflowHistory {
  private readonly events: RecordedEvent[] = [];

  constructor(
    private readonly log: Pick<LogReader, 'all'>,
    private readonly wf: WorkflowId,
  ) {}

  /** Everything up to now. */
  async latest(): Promise<readonly RecordedEvent[]> {
    this.events.push(...(await this.log.all(this.wf, this.events.length + 1)));
    return this.events;
  }

  /** Everything up to and including `version`, which must exist. */
  async upTo(version: Version): Promise<readonly RecordedEvent[]> {
    if (this.events.length < version) await this.latest();
    return this.events.slice(0, version);
  }
}
