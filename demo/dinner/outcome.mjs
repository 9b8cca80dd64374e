import { NoDemo } from './gateway.mjs';
import { NoServer, Refusal } from './http.mjs';
import { UsageError } from './settings.mjs';

/** @import { Verdict } from './types.js' */

/** Prints what was found. @param {Pick<import('./story.mjs').Story, 'good' | 'bad' | 'print'>} story @param {readonly Verdict[]} verdicts @returns {number} the exit code */
export function judge(story, verdicts) {
  for (const { claim, faults } of verdicts) {
    if (faults.length === 0) story.good(claim);
    else story.bad(`not so: ${claim}`);
    for (const fault of faults) story.print(`        ${fault}`);
  }
  return verdicts.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

/**
 * What went wrong before anything could be judged.
 * @param {unknown} error
 * @param {{ name: string, usage: string }} command
 * @returns {number} the exit code
 */
export function complain(error, { name, usage }) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
  else if (error instanceof NoServer) {
    const another = `npm run ${name} -- --url http://...`;
    console.error(`${error.message}. Start one with "npm start", or name another: ${another}`);
  } else if (isNoDemo(error)) {
    console.error(`${error.message}. The ${name} needs a server with DEMO=1 and no *_URL of a provider.`);
  } else console.error(error);
  return error instanceof UsageError || error instanceof NoServer || isNoDemo(error) ? 2 : 1;
}

/** @param {unknown} error @returns {error is Error} */
function isNoDemo(error) {
  if (error instanceof NoDemo) return true;
  return error instanceof Refusal && ['UNAUTHENTICATED', 'PROVIDER_UNAVAILABLE'].includes(error.code);
}
