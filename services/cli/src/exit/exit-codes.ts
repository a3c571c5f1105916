/** What a command ends with; stable. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  unauthorized: 6,
  cancelled: 7,
  warned: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For the reference. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: 'done; a workflow that was followed has completed',
  [EXIT.failed]:
    'failed, or declined at the question; a followed workflow has failed; the doctor found an error',
  [EXIT.usage]: 'the command line or a field of the request does not fit, or nobody could be asked',
  [EXIT.notFound]: 'there is no such thing, or it is another tenant’s',
  [EXIT.refused]: 'refused: it is not in a state for that, or something changed meanwhile',
  [EXIT.unreachable]: 'the gateway, or for the doctor Redis, does not answer; repeat it later',
  [EXIT.unauthorized]: 'no API key, none that the gateway knows, or one that may not do this',
  [EXIT.cancelled]: 'a followed workflow was cancelled',
  [EXIT.warned]: 'the doctor found nothing broken, and something to look at',
  [EXIT.interrupted]: 'ended by Ctrl-C',
};
