import { CliError } from '../../exit/cli-error.js';
import { EXIT } from '../../exit/exit-codes.js';
import type { Gateway } from '../../gateway/gateway.js';
import type { Finding } from '../finding.js';

const SUBJECT = 'gateway';

/** Whether the gateway works, and takes the key. */
export async function checkGateway(gateway: Pick<Gateway, 'read'>): Promise<Finding[]> {
  try {
    await gateway.read('/health/ready');
    await gateway.read('/v1/workflows?limit=1');
    return [{ subject: SUBJECT, severity: 'ok', found: 'is ready' }];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [refused(error)];
  }
}

const refused = ({ exitCode, message, wayOut }: CliError): Finding => ({
  subject: SUBJECT,
  severity: exitCode === EXIT.unauthorized ? 'warning' : 'error',
  found: message,
  means:
    exitCode === EXIT.unauthorized
      ? 'it works, and does not know you'
      : 'nobody starts, reads or decides; work that has been started goes on',
  ...(wayOut !== undefined && { advice: wayOut }),
});
