import type { RecordedEvent } from '@lockstep/kernel';

/** An effect that happened, as its log has it. */
export type Committed = RecordedEvent<'EffectCommitted'>;
