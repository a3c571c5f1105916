import { beforeAll, expect, it } from '@jest/globals';
import { docker } from '@lockstep/testing';
import { describeInContainers, Installation } from './installation.js';
import { Load, NONE } from './load.js';

interface Inspected {
  readonly Config: { readonly User: string; readonly Env: readonly string[] };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly Privileged: boolean;
    readonly Init: boolean;
    readonly Memory: number;
  };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, object[] | null>> };
}

describeInContainers('an installation that was started from nothing', () => {
  let installation: Installation;
  let containers: readonly Inspected[];

  beforeAll(async () => {
    installation = await Installation.current();
    const all = await installation.project.containers();
    const running = all.filter(({ service }) => service !== 'secrets');
    containers = JSON.parse(
      await docker(['inspect', ...running.map(({ id }) => id)]),
    ) as Inspected[];
  });

  it('does the jobs that come through its port, and leaves the digests that they must', async () => {
    expect(await Load.of(60, installation).damage()).toEqual(NONE);
  });

  it('lets nobody in without a key', async () => {
    const answer = await fetch(new URL('/v1/workflows', installation.url));
    expect(answer.status).toBe(401);
  });

  it('opens one port', () => {
    const open = containers.flatMap(({ NetworkSettings }) =>
      Object.values(NetworkSettings.Ports).filter((bindings) => bindings !== null),
    );
    expect(open).toHaveLength(1);
  });

  it('runs nothing as root, with a privilege, or on an image that can be written', () => {
    for (const { Config, HostConfig } of containers) {
      expect(Config.User).toMatch(/^(1000:1000|redis)$/);
      expect(HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        Privileged: false,
        Init: true,
        Memory: expect.any(Number),
      });
      expect(HostConfig.Memory).toBeGreaterThan(0);
    }
  });

  it('shows no secret to whoever inspects it', async () => {
    const redis = await installation.project.container('redis');
    const password = await redis.exec('cat', '/run/secrets/redis/password');
    expect(password).toMatch(/^\w{48}$/);
    const shown = JSON.stringify(containers);
    expect(shown).not.toContain(password);
    expect(shown).not.toContain(installation.key);
  });
});
