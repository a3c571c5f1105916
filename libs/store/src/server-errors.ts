// Why a service refuses a server: the reason, and the command that mends it.

import { LockstepError } from '@lockstep/contracts';

export class ServerTooOld extends LockstepError {
  readonly code = 'ServerTooOld';
  readonly kind = 'permanent';

  constructor(version: string) {
    super(
      `Redis ${version} is too old: Lockstep needs 7.0 or newer. Install it, for instance ` +
        'by: apt-get install redis-server',
      { version },
    );
  }
}

export class FunctionsUnavailable extends LockstepError {
  readonly code = 'FunctionsUnavailable';
  readonly kind = 'permanent';

  constructor(options: ErrorOptions) {
    super(
      'this Redis refuses Function libraries, which every write goes through. Allow this user the ' +
        'commands, for instance by: redis-cli ACL SETUSER <user> +function +fcall',
      {},
      options,
    );
  }
}

export class EvictionAllowed extends LockstepError {
  readonly code = 'EvictionAllowed';
  readonly kind = 'permanent';

  constructor(policy: string) {
    super(
      `maxmemory-policy is ${policy}: Redis may drop parts of a log when memory is short. ` +
        'Forbid it by: redis-cli CONFIG SET maxmemory-policy noeviction',
      { policy },
    );
  }
}

export class AppendOnlyOff extends LockstepError {
  readonly code = 'AppendOnlyOff';
  readonly kind = 'permanent';

  constructor() {
    super(
      'the append-only file is off: a restart of Redis would lose acknowledged work. ' +
        'Turn it on by: redis-cli CONFIG SET appendonly yes',
    );
  }
}

export class PartitionsDiffer extends LockstepError {
  readonly code = 'PartitionsDiffer';
  readonly kind = 'permanent';

  constructor(installed: number, configured: number) {
    super(
      `this installation was created with ${installed} partitions, and this service is set to ` +
        `${configured}. Set it by: LOCKSTEP_PARTITIONS=${installed}`,
      { installed, configured },
    );
  }
}

export class LibraryDiffers extends LockstepError {
  readonly code = 'LibraryDiffers';
  readonly kind = 'permanent';

  constructor(library: string) {
    super(
      `this Redis holds another build of the library ${library}, and a library is never replaced while ` +
        `services use it. Stop all services, then: redis-cli FUNCTION DELETE ${library}`,
      { library },
    );
  }
}

export class NewerLayout extends LockstepError {
  readonly code = 'NewerLayout';
  readonly kind = 'permanent';

  constructor(layout: number) {
    super(
      `a later release of Lockstep wrote this workflow, in layout ${layout}: this one leaves it alone. ` +
        'Bring this service to that release',
      { layout },
    );
  }
}
