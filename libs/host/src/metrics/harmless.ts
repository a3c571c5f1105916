/** An instrument as a part of the work that it watches. */
interface Instrument {
  inc?: unknown;
  observe?: unknown;
}

type Told = (...told: readonly unknown[]) => void;

/**
 * Keeps an instrument from breaking the work that tells it something: what it throws is a warning of the process,
 * once.
 *
 * @param isOn - when false it counts nothing at all
 */
export function harmless<Kind extends Instrument>(instrument: Kind, isOn: boolean): Kind {
  for (const method of ['inc', 'observe'] as const) {
    const tell = instrument[method] as Told | undefined;
    if (!tell) continue;
    instrument[method] = isOn ? guarded(tell.bind(instrument)) : () => undefined;
  }
  return instrument;
}

function guarded(tell: Told): Told {
  let warned = false;
  return (...told) => {
    try {
      tell(...told);
    } catch (error) {
      if (!warned) process.emitWarning(error as Error);
      warned = true;
    }
  };
}
