// Builds the images and starts one installation for all tests in containers. Where no engine runs it says so, and
// they are skipped.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ComposeProject, freePort, whyNoEngine } from '@lockstep/testing';

const root = join(import.meta.dirname, '../../../..');

/** 576 jobs of a public benchmark, where they lie beside the project; else those of the sample. */
const tauRetail = join(root, '../shared/data/tau-retail');
const data = existsSync(tauRetail) ? tauRetail : join(root, 'services/demo/sample');

export default async function setUp() {
  const reason = whyNoEngine();
  if (reason) {
    console.error(`tests in containers are skipped: ${reason}`);
    return;
  }
  const options = {
    name: `lockstep-test-${process.pid}`,
    files: [join(root, 'docker-compose.yml')],
    variables: {
      LOCKSTEP_VERSION: 'test',
      LOCKSTEP_PUBLISH: `127.0.0.1:${await freePort()}`,
      LOCKSTEP_SAMPLE_DIR: data,
      LOCKSTEP_APPENDFSYNC: 'always', // nothing acknowledged is lost when Redis is killed
    },
  };
  process.env.LOCKSTEP_TEST_INSTALLATION = JSON.stringify({ options, data });
  const project = new ComposeProject(options);
  await timed('images built', () => project.build());
  await timed('ready after up', async () => {
    await project.up();
    await project.ready();
  });
}

async function timed(what, action) {
  const beganMs = Date.now();
  await action();
  console.error(`${what}: ${((Date.now() - beganMs) / 1000).toFixed(1)} s`);
}
