import { pick, randomFrom, shuffled } from '@lockstep/testing';
import {
  type Act,
  type Composite,
  type Leaf,
  type Part,
  POLICIES,
  type Program,
  PROVIDERS,
  REVERSES,
  ROLES,
  type RoleName,
  type Runner,
  type SignalName,
  SIGNALS,
  type Task,
} from './program.js';

/** Parts that do something, at least and at most. */
const SIZE = { least: 3, most: 14 } as const;
const MOST_BRANCHES = 4;
/** Calls one inside the other. */
const MOST_CALLS = 3;
const MOST_SLEEP_MS = 800;
const MOST_WORK_MS = 60;
/** Part of the programs that surely fail, after they have done something. */
const DOOMED_SHARE = 0.25;
const HANDOFF_SHARE = 0.15;
const SAME_KEY_SHARE = 0.15;

/** As often as they stand here. */
const LEAVES = [
  ...['step', 'step', 'step', 'act', 'act', 'act', 'act', 'sleep', 'sleep', 'wait', 'wait'],
  ...['count', 'count', 'savepoint', 'change', 'failure'],
] as readonly Leaf['kind'][];
const COMPOSITES = [
  ...['sequence', 'sequence', 'all', 'all', 'settled', 'race', 'call', 'call', 'attempt'],
] as readonly Composite['kind'][];
const RUNNERS = ['step', 'sleep', 'wait', 'call', 'call'] as const;

/** The program of a seed: the same one each time. */
export const generate = (seed: number): Program => new Generator(randomFrom(seed)).program();

/** Where a part stands. */
interface Place {
  readonly calls: number;
  readonly mayFail: boolean;
}

class Generator {
  #ids = 0;
  readonly #acts: Act[] = [];
  readonly #signals: SignalName[];

  constructor(private readonly random: () => number) {
    this.#signals = shuffled(SIGNALS, random);
  }

  program(): Program {
    const size = this.#between(SIZE.least, SIZE.most);
    const task = this.#task(ROLES[0], size, { calls: 0, mayFail: true });
    const root = this.random() < DOOMED_SHARE ? this.#doomed(task) : task;
    return { root, policy: pick(POLICIES, this.random) };
  }

  /** Fails at its end. */
  #doomed({ role, body }: Task): Task {
    const failure = this.#failure();
    return { role, body: { kind: 'sequence', id: this.#id(), parts: [body, failure] } };
  }

  #task(role: RoleName, size: number, place: Place): Task {
    if (size < 2 || this.random() > HANDOFF_SHARE) return { role, body: this.#part(size, place) };
    const [before, after] = this.#split(size, 2) as [number, number];
    const body = this.#part(before, place);
    return { role, body, handoff: { role: this.#role(), body: this.#part(after, place) } };
  }

  #part(size: number, place: Place): Part {
    return size <= 1 ? this.#leaf(place) : this.#composite(size, place);
  }

  #composite(size: number, place: Place): Part {
    const kind = pick(COMPOSITES, this.random);
    switch (kind) {
      case 'sequence':
      case 'all':
      case 'settled':
        return {
          kind,
          id: this.#id(),
          parts: this.#branches(size).map((s) => this.#part(s, place)),
        };
      case 'race':
        return this.#race(size, place);
      case 'call':
        return place.calls < MOST_CALLS ? this.#call(size - 1, place) : this.#part(size - 1, place);
      case 'attempt':
        return this.#attempt(size, place);
    }
  }

  #race(size: number, place: Place): Part {
    const unfailing = { ...place, mayFail: false };
    const parts = this.#branches(size).map((each) => this.#runner(each, unfailing));
    return { kind: 'race', id: this.#id(), parts, cancels: this.random() < 0.5 };
  }

  #runner(size: number, place: Place): Runner {
    const kind = pick(RUNNERS, this.random);
    if (kind === 'call' && place.calls < MOST_CALLS) return this.#call(size, place);
    return kind === 'wait' ? this.#wait() : this.#timed(kind === 'call' ? 'step' : kind);
  }

  #call(size: number, place: Place) {
    const id = this.#id();
    const task = this.#task(this.#role(), size, { ...place, calls: place.calls + 1 });
    return { kind: 'call', id, task } as const;
  }

  #attempt(size: number, place: Place): Part {
    const [tried, otherwise] = this.#split(size, 2) as [number, number];
    const body = this.#part(tried, { ...place, mayFail: true });
    return { kind: 'attempt', id: this.#id(), body, otherwise: this.#part(otherwise, place) };
  }

  #leaf(place: Place): Part {
    const kind = pick(LEAVES, this.random);
    switch (kind) {
      case 'act':
        return this.#act();
      case 'wait':
        return this.#wait();
      case 'count': {
        const by = pick(['merge', 'update'] as const, this.random);
        return { kind, id: this.#id(), by, amount: this.#between(1, 9) };
      }
      case 'savepoint':
      case 'change':
        return { kind, id: this.#id() };
      case 'failure':
        return place.mayFail ? this.#failure() : this.#timed('step');
      default:
        return this.#timed(kind);
    }
  }

  #timed(kind: 'step' | 'sleep'): Runner {
    if (kind === 'step') return { kind, id: this.#id(), workMs: this.#between(0, MOST_WORK_MS) };
    return { kind, id: this.#id(), ms: this.#between(5, MOST_SLEEP_MS) };
  }

  /** A step when every signal is waited for already. */
  #wait(): Runner {
    const signal = this.#signals.pop();
    return signal ? { kind: 'wait', id: this.#id(), signal } : this.#timed('step');
  }

  #act(): Act {
    const id = this.#id();
    const same = this.#acts.length > 0 && this.random() < SAME_KEY_SHARE;
    if (same) return { ...pick(this.#acts, this.random), id };
    const provider = pick(PROVIDERS, this.random);
    const act: Act = {
      ...{ kind: 'act', id, key: `act-${id}` },
      ...{ provider, reverse: pick(REVERSES, this.random) },
    };
    this.#acts.push(act);
    return act;
  }

  #failure(): Leaf {
    const by = pick(['step', 'throw', 'refusal'] as const, this.random);
    return { kind: 'failure', id: this.#id(), by };
  }

  #branches(size: number): readonly number[] {
    return this.#split(size, Math.min(size, this.#between(2, MOST_BRANCHES)));
  }

  /** A size in so many parts, none of them empty. */
  #split(size: number, parts: number): readonly number[] {
    const sizes = Array<number>(parts).fill(1);
    for (let left = size - parts; left > 0; left -= 1) {
      const at = this.#between(0, parts - 1);
      sizes[at] = (sizes[at] ?? 0) + 1;
    }
    return sizes;
  }

  #role(): RoleName {
    return pick(ROLES, this.random);
  }

  #id(): number {
    this.#ids += 1;
    return this.#ids;
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }
}
