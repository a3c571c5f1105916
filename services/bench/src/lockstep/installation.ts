/** Partitions of an installation, by default. */
export const PARTITIONS = 8;
