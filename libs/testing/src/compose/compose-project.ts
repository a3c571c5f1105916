import { eventually } from '../eventually.js';
import { Container, type ContainerState, statesOf } from './container.js';
import { docker, type Variables } from './docker.js';
import { openTunnel, type Tunnel } from './tunnel.js';

export interface ComposeOptions {
  /** Tells its containers, networks and volumes from those of others. */
  readonly name: string;
  /** Compose files, each over those before it. */
  readonly files: readonly string[];
  /** That the files ask for. */
  readonly variables?: Variables;
  /** Profiles besides the services without one. */
  readonly profiles?: readonly string[];
}

const READY_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 500;

/** A line of `docker compose ps`. */
interface Listed {
  readonly ID: string;
  readonly Name: string;
  readonly Service: string;
}

/** Whether it runs and, where it has a health check, is healthy; or has ended well. */
function isWell({ status, health, exitCode }: ContainerState): boolean {
  if (status === 'exited') return exitCode === 0;
  return status === 'running' && (health ?? 'healthy') === 'healthy';
}

/** An installation in containers, driven by `docker compose`. */
export class ComposeProject {
  constructor(private readonly options: ComposeOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** The same containers under other settings, images or files: what a deployment changes. */
  with(change: Partial<Omit<ComposeOptions, 'name'>>): ComposeProject {
    const variables = { ...this.options.variables, ...change.variables };
    return new ComposeProject({ ...this.options, ...change, variables });
  }

  /** Runs a command of compose. @returns its output */
  compose(...command: string[]): Promise<string> {
    const { name, files, profiles = [], variables } = this.options;
    const given = [
      ...files.flatMap((file) => ['--file', file]),
      ...profiles.flatMap((profile) => ['--profile', profile]),
    ];
    return docker(['compose', '--project-name', name, ...given, ...command], variables);
  }

  /** Builds one image after the other, so that each finds the stages of those before it. */
  async build(...services: string[]): Promise<void> {
    const all = services.length > 0 ? services : await this.built();
    for (const service of all) await this.compose('build', '--quiet', service);
  }

  /** Starts services, or all, and what they need. It does not wait: see {@link ready}. */
  async up(...services: string[]): Promise<void> {
    await this.compose('up', '--detach', '--no-build', ...services);
  }

  /** Starts services anew where their image or their settings have changed, and touches no other. */
  async deploy(...services: string[]): Promise<void> {
    await this.compose('up', '--detach', '--no-build', '--no-deps', ...services);
  }

  /** Runs so many containers of a service. Those that are too many are asked to end first. */
  async scale(service: string, replicas: number): Promise<void> {
    const count = `${service}=${replicas}`;
    await this.compose(
      'up',
      '--detach',
      '--no-build',
      '--no-deps',
      '--no-recreate',
      '--scale',
      count,
      service,
    );
  }

  /** Waits until every container is well. @throws Error with the last lines of those that are not */
  async ready(...services: string[]): Promise<void> {
    const what = `${services.length > 0 ? services.join(', ') : this.name} is healthy`;
    try {
      const areWell = async () => (await this.unwell(services)).length === 0;
      const waiting = { what, timeoutMs: READY_WITHIN_MS, everyMs: LOOK_EVERY_MS };
      await eventually(areWell, waiting);
    } catch (cause) {
      const names = (await this.unwell(services)).map(({ service }) => service);
      const lines = await this.compose('logs', '--no-color', '--tail', '10', ...names);
      throw new Error(`not in time: ${what}\n${lines}`, { cause });
    }
  }

  /** Its containers, or those of one service, also those that have ended; in the order of their names. */
  async containers(...services: string[]): Promise<Container[]> {
    const text = await this.compose('ps', '--all', '--format', 'json', ...services);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines
      .map((line) => JSON.parse(line) as Listed)
      .map(({ ID, Name, Service }) => new Container(ID, Name, Service))
      .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  }

  /** @throws RangeError when it has no container */
  async container(service: string): Promise<Container> {
    const [first] = await this.containers(service);
    if (!first) throw new RangeError(`${this.name} has no container of ${service}`);
    return first;
  }

  /** URL of a port that the project publishes on this machine. */
  async url(service: string, port: number): Promise<string> {
    const address = (await this.compose('port', service, String(port))).trim();
    return `http://${address.replace('0.0.0.0', '127.0.0.1')}`;
  }

  /**
   * Opens a way to a port that is not published.
   *
   * @param through - a service in the same network whose image has Node
   */
  async tunnel(to: { service: string; port: number }, through: string): Promise<Tunnel> {
    return openTunnel(await this.container(through), to);
  }

  /** Name of one of its networks as the engine knows it. */
  network(name: string): string {
    return `${this.name}_${name}`;
  }

  /** Ends and removes everything. @param volumes - whether the data goes as well */
  async down({ volumes }: { readonly volumes: boolean }): Promise<void> {
    const data = volumes ? ['--volumes'] : [];
    await this.compose('down', '--remove-orphans', ...data);
  }

  /** By one look of the engine: what compose lists of state and health may be of two moments. */
  private async unwell(services: readonly string[]): Promise<Container[]> {
    const all = await this.containers(...services);
    const states = await statesOf(all);
    return all.filter((_, at) => {
      const state = states[at];
      return state === undefined || !isWell(state);
    });
  }

  private async built(): Promise<string[]> {
    const { services } = JSON.parse(await this.compose('config', '--format', 'json')) as {
      readonly services: Readonly<Record<string, { readonly build?: object }>>;
    };
    return Object.keys(services).filter((service) => services[service]?.build);
  }
}
