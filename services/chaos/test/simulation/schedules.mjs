// Runs schedules in a process of its own, whose clocks, timers and chance they are given. Each line of its output is an outcome.

import { simulate } from '../../dist/simulation/simulate.js';

const { seed, schedules, broken, stopsWhenWrong = false } = JSON.parse(process.argv[2]);
const stopping = new AbortController();

/** Takes a rule out of the Function library. */
function edit(file, source) {
  if (file !== broken?.file) return source;
  if (source.split(broken.find).length !== 2)
    throw new Error(`${broken.find} is not in ${file}, once`);
  return source.replace(broken.find, broken.replace);
}

function ended({ seed: at, wrongs, digest, messages }) {
  console.log(JSON.stringify({ seed: at, wrongs, digest, messages }));
  if (stopsWhenWrong && wrongs.length > 0) stopping.abort();
}

await simulate({ seed, schedules, ended, signal: stopping.signal, ...(broken && { edit }) });
