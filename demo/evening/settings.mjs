import { parseArgs } from 'node:util';
import { options, readAddress, readArguments, UsageError } from '../dinner/settings.mjs';

export const usage = `Usage: npm run evening -- [--url http://localhost:4000] [--seed 7] [--verbose]

Two hours at the demo restaurant in less than a minute: 8 tables, 30 phones, 2 waiters, a kitchen and a cashier.
The address is --url, else BASE_URL, else http://localhost:4000. The same seed plans the same evening; --verbose tells all.
What is open at a demo table is closed first.
Exit code: 0 everything agrees, 1 something differs, 2 wrong usage, no server or no demo.`;

/**
 * @param {string[]} argv
 * @param {Record<string, string | undefined>} env
 * @returns {{ base: string, seed: number, isVerbose: boolean, wantsHelp: boolean }}
 */
export function readSettings(argv, env) {
  const wanted = /** @type {const} */ ({ ...options, seed: { type: 'string' }, verbose: { type: 'boolean' } });
  const { url, help, seed, verbose } = readArguments(() => parseArgs({ args: argv, options: wanted }).values);
  const isSeed = seed === undefined || (/^\d{1,9}$/.test(seed) && Number(seed) > 0);
  if (!isSeed) throw new UsageError(`${seed} is no seed: 1 to 999999999`);
  return {
    base: readAddress(url, env),
    seed: seed === undefined ? 1 + Math.floor(Math.random() * 999_999) : Number(seed),
    isVerbose: verbose ?? false,
    wantsHelp: help ?? false,
  };
}
