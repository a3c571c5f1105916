import { CliError } from '../exit/cli-error.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';

/** What the gateway answers instead of what was asked for (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId?: string;
  readonly fields?: readonly {
    readonly path: string;
    readonly expected: string;
    readonly came: string;
  }[];
}

/** The gateway said no. */
export class Refused extends CliError {
  constructor(private readonly problem: Problem) {
    super(exitCodeOf(problem), textOf(problem), WAYS_OUT[problem.code]);
  }

  /** Whether it is certain that nothing was done. */
  get isDefinite(): boolean {
    return this.problem.status < 500;
  }

  override toJSON(): object {
    return { ...this.problem, ...(this.wayOut !== undefined && { wayOut: this.wayOut }) };
  }
}

/** An answer that no gateway gives: something else listens there. */
export class NoGateway extends CliError {
  constructor(url: string, status: number) {
    super(
      EXIT.unreachable,
      `what answers at ${url} is no gateway (status ${status})`,
      'name the gateway by --url or LOCKSTEP_URL',
    );
  }
}

/** Beside what the problem's own detail says. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  Unauthorized: 'give an API key by LOCKSTEP_API_KEY, or a file of it by --api-key-file',
  UnknownRoute: 'this gateway does not know the command: it is of another release than this CLI',
  UnknownWorkflow: 'lockstep workflow list shows those that there are',
  UnknownTarget: 'lockstep breaker list shows those that there are',
  UnknownDeadLetter: 'lockstep dead list shows those that there are',
  VersionMismatch: 'lockstep workflow events shows what happened since',
  StoreUnavailable: 'lockstep doctor tells what is wrong with Redis',
};

const EXIT_OF_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.unauthorized,
  403: EXIT.unauthorized,
  404: EXIT.notFound,
  409: EXIT.refused,
  412: EXIT.refused,
  413: EXIT.usage,
  422: EXIT.refused,
  429: EXIT.unreachable,
  503: EXIT.unreachable,
};

function exitCodeOf({ status, code }: Problem): ExitCode {
  if (code === 'UnknownRoute') return EXIT.failed;
  return EXIT_OF_STATUS[status] ?? EXIT.failed;
}

function textOf({ detail, code, fields = [], requestId }: Problem): string {
  const told = fields.map(
    ({ path, expected, came }) => `  ${path || 'the whole'}: ${expected}, came ${came}`,
  );
  const asked = requestId === undefined ? '' : `, request ${requestId}`;
  return [`${detail} (${code}${asked})`, ...told].map(printable).join('\n');
}

/** What came from elsewhere does not control the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
