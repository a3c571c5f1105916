// Tests run from source: the export condition `lockstep:source` leads from one workspace to
// another's `src`. Only the processes that integration tests start run from `dist`.
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['lockstep:source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '\\.ts$': '@swc/jest' },
};

const folders = ['libs/*', 'services/*', 'services/agents/*'];
/** Their integration tests have a Redis, and hardly ever a process of a service: two files at a time do not disturb each other. */
const quiet = ['libs/store', 'libs/testing', 'services/gateway', 'services/projector'];
const integrationOf = (folder) => `<rootDir>/${folder}/test/**/*.integration.spec.ts`;

export default {
  reporters: ['default', '<rootDir>/libs/testing/jest/skipped-tests.mjs'],
  // For starts and ends of processes on a busy machine; Jest heeds none of a project.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        ...folders.flatMap((folder) => [
          `<rootDir>/${folder}/src/**/*.spec.ts`,
          `<rootDir>/${folder}/test/**/!(*.integration|*.compose).spec.ts`,
        ]),
        '<rootDir>/docs/test/*.spec.ts',
      ],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: quiet.map(integrationOf),
    },
    {
      ...shared,
      displayName: 'processes',
      testMatch: folders.map(integrationOf),
      testPathIgnorePatterns: quiet.map((folder) => `<rootDir>/${folder}/`),
    },
    {
      ...shared,
      displayName: 'compose',
      testMatch: folders.map((folder) => `<rootDir>/${folder}/test/**/*.compose.spec.ts`),
      globalSetup: '<rootDir>/services/demo/test/compose/set-up.mjs',
      globalTeardown: '<rootDir>/services/demo/test/compose/tear-down.mjs',
    },
  ],
};
