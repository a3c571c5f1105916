import type { RecordedEvent, Version } from '@lockstep/kernel';

/** The log of a workflow from its beginning, read only when somebody asks, and each entry once. */
export class WorkflowHistory {
  private readonly events: RecordedEvent[] = [];

  /** @param read - everything from this version to the end */
  constructor(private readonly read: (from: Version) => Promise<readonly RecordedEvent[]>) {}

  /** Everything up to now. */
  async latest(): Promise<readonly RecordedEvent[]> {
    for (const event of await this.read(this.events.length + 1)) {
      // Two who ask at the same time read the same entries.
      if (event.version === this.events.length + 1) this.events.push(event);
    }
    return this.events;
  }

  /** Everything up to and including `version`, which must exist. */
  async upTo(version: Version): Promise<readonly RecordedEvent[]> {
    if (this.events.length < version) await this.latest();
    return this.events.slice(0, version);
  }
}
