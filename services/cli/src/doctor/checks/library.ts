import { LIBRARY, libraryState } from '@lockstep/store';
import type { Redis } from 'ioredis';
import type { Finding } from '../finding.js';

const SUBJECT = 'library';

/** Whether the server holds the functions of this release. */
export async function checkLibraryBuild(redis: Redis): Promise<Finding[]> {
  return [findings[await libraryState(redis)]];
}

const findings: Readonly<Record<Awaited<ReturnType<typeof libraryState>>, Finding>> = {
  ours: { subject: SUBJECT, severity: 'ok', found: `${LIBRARY}, the build of this release` },
  missing: {
    subject: SUBJECT,
    severity: 'warning',
    found: `${LIBRARY} is not loaded`,
    means:
      'no service of this release has written here since the server lost its functions, or ever',
    advice: 'start one: it loads the library',
  },
  'another build': {
    subject: SUBJECT,
    severity: 'warning',
    found: `${LIBRARY} is another build than that of this release`,
    means: 'services of this release refuse to start here',
    advice:
      'use the lockstep of the release that runs; or, to move to this one, stop all services, ' +
      `then: redis-cli FUNCTION DELETE ${LIBRARY}`,
  },
};
