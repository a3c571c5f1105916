// Dependencies point one way:
// contracts <- kernel <- store <- host <- runtime <- retail <- services.

const order = ['contracts', 'kernel', 'store', 'host', 'runtime', 'retail'];
const libs = (names) => `^libs/(${names.join('|')})/`;

/** A library may know only those before it in `order`. */
const knowsOnlyTheEarlier = order.map((name, position) => ({
  name: `${name}-knows-only-the-earlier`,
  severity: 'error',
  from: { path: `^libs/${name}/src` },
  to: { path: [libs(order.slice(position + 1)), '^services/'] },
}));

const forTestsOnly = '\\.spec\\.ts$|/test/';

export default {
  forbidden: [
    ...knowsOnlyTheEarlier,
    {
      name: 'kernel-is-pure',
      comment:
        'Clocks, randomness and I/O arrive as data; that no global brings them in is a lint rule.',
      severity: 'error',
      from: { path: '^libs/kernel/src', pathNot: forTestsOnly },
      to: {
        path: [
          '^(node:)?(fs|net|http|https|dgram|child_process|crypto|timers|os|worker_threads|process)(/|$)',
          'node_modules/(ioredis|@nestjs|pino|fastify)/',
        ],
      },
    },
    {
      name: 'contracts-know-no-store-and-no-nest',
      severity: 'error',
      from: { path: '^libs/contracts/src', pathNot: forTestsOnly },
      to: { path: 'node_modules/(ioredis|@nestjs)/' },
    },
    {
      name: 'services-do-not-import-each-other',
      comment: 'The log is the only meeting point. The simulator has them all in one process.',
      severity: 'error',
      from: {
        path: '^services/((?:agents/)?[^/]+)/',
        pathNot: '^services/chaos/src/simulation/',
      },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'test-helpers-stay-in-tests',
      severity: 'error',
      from: {
        path: '^(libs|services)/',
        pathNot: `${forTestsOnly}|^libs/testing/|^services/(demo|bench|chaos)/`,
      },
      to: {
        path: [
          '^libs/testing/',
          'node_modules/(@jest|fast-check|@nestjs/testing)/',
          '\\.spec\\.ts$',
        ],
      },
    },
    {
      name: 'only-through-the-package-name',
      comment: 'One workspace reaches another by its exports, never by a path into it.',
      severity: 'error',
      from: { path: '^(libs/[^/]+|services/agents/[^/]+|services/[^/]+)/' },
      to: {
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased-workspace'],
        path: '^(libs|services)/',
        pathNot: '^$1/',
      },
    },
    {
      name: 'declared',
      comment: 'What a workspace imports is in its package.json, or for tests in the root’s.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    combinedDependencies: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['lockstep:source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
