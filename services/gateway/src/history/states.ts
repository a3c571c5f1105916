import { Injectable } from '@nestjs/common';
import { evolveView, initialView, type RecordedEvent, type WorkflowView } from '@lockstep/kernel';
import { type Head, LogReader } from '@lockstep/store';
import { UnknownVersion } from '../problems/errors.js';

const CHUNK = 1000;

/** Workflows as they were at any version, folded from their logs. */
@Injectable()
export class States {
  constructor(private readonly log: LogReader) {}

  /**
   * @param version - default: the current one
   * @throws UnknownVersion when the workflow has not come so far
   */
  async at({ wf, version: current }: Head, version = current): Promise<WorkflowView> {
    if (version > current) throw new UnknownVersion(wf, version, current);
    let view = initialView(wf);
    let chunk: RecordedEvent[] = [];
    for await (const event of this.log.read(wf, 1, version)) {
      if (chunk.push(event) < CHUNK) continue;
      view = evolveView(view, chunk);
      chunk = [];
    }
    return evolveView(view, chunk);
  }
}
