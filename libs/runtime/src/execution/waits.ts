/** Longer waits than this become durable timers, and hold no worker; unit ms. */
export const LONGEST_HELD_WAIT_MS = 2000;
