import { Mutex } from 'async-mutex';

/** Runs what has the same name one after the other, in the order it came. */
export class KeyedMutex {
  private readonly mutexes = new Map<string, Mutex>();

  runExclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mutex = this.mutexes.get(name) ?? new Mutex();
    this.mutexes.set(name, mutex);
    return mutex.runExclusive(work);
  }
}
