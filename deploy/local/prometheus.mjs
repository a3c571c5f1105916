// Prometheus, with its promtool, for the tests of rules and dashboards; they say so and are skipped where it is missing.

import { canInstall, installPackage } from './apt.mjs';
import { ask, say } from './run.mjs';

/** Installs Prometheus where that can be done without asking. */
export function wantPrometheus() {
  if (ask('promtool', ['--version']) !== undefined || !canInstall()) return;
  try {
    installPackage('prometheus');
  } catch (error) {
    say(error.message);
  }
}
