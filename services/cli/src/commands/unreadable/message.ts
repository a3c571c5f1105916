/** An unreadable message as the gateway tells it. */
export interface Message {
  readonly id: string;
  /** Whose inbox it came by. */
  readonly role: string;
  /** When it was buried. */
  readonly atMs: number;
  readonly found: {
    readonly inbox?: string;
    /** Its id in the inbox. */
    readonly message?: string;
    /** Names and values, one after the other. */
    readonly fields?: readonly string[];
  };
}

export const MESSAGES = '/v1/unreadable-messages';

/** Path of a message, or of what is done with it. */
export const messagePath = (id: string, what = ''): string =>
  `${MESSAGES}/${encodeURIComponent(id)}${what}`;
