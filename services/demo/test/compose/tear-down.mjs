import { ComposeProject } from '@lockstep/testing';

export default async function tearDown() {
  const installation = process.env.LOCKSTEP_TEST_INSTALLATION;
  if (!installation) return;
  await new ComposeProject(JSON.parse(installation).options).down({ volumes: true });
}
