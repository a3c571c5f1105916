import { Injectable } from '@nestjs/common';
import { applyState, initialState, type Merges, type State, type Version } from '@lockstep/kernel';
import { type Head, LogReader } from '@lockstep/store';
import { UnknownVersion } from '../problems/errors.js';

export interface StateAt {
  readonly id: string;
  readonly version: Version;
  readonly state: State;
}

/** The shared state of a workflow at any version, folded from its log. */
@Injectable()
export class States {
  constructor(private readonly log: LogReader) {}

  /**
   * @param version - default: the current one
   * @throws UnknownVersion when the workflow has not come so far
   */
  async at({ wf, version: current }: Head, version = current): Promise<StateAt> {
    if (version > current) throw new UnknownVersion(wf, version, current);
    let merges: Merges = {};
    let state: State = {};
    for await (const event of this.log.read(wf, 1, version)) {
      if (event.type === 'WorkflowStarted') {
        merges = event.meta.merges ?? {};
        state = initialState(merges);
      }
      state = applyState(state, merges, event);
    }
    return { id: wf, version, state };
  }
}
