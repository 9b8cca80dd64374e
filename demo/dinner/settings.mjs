import { parseArgs } from 'node:util';

export const usage = `Usage: npm run dinner -- [--url http://localhost:4000]

A whole dinner against a running demo server: four phones and a late one at one table, who share the bill and pay it.
The address is --url, else BASE_URL, else http://localhost:4000.
Exit code: 0 everything agrees, 1 something differs, 2 wrong usage, no server or no demo.`;

/** The command line is wrong. */
export class UsageError extends Error {
  /** @override */
  name = 'UsageError';
}

/**
 * @param {string[]} argv
 * @param {Record<string, string | undefined>} env
 * @returns {{ base: string, wantsHelp: boolean }}
 */
export function readSettings(argv, env) {
  const { url, help } = readArguments(() => parseArgs({ args: argv, options }).values);
  return { base: readAddress(url, env), wantsHelp: help ?? false };
}

/** What every command here takes. */
export const options = /** @type {const} */ ({ url: { type: 'string' }, help: { type: 'boolean', short: 'h' } });

/** --url, else BASE_URL, else the default. @param {string | undefined} url @param {Record<string, string | undefined>} env */
export function readAddress(url, env) {
  const base = url ?? (env.BASE_URL || 'http://localhost:4000');
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new UsageError(`${base} is no address such as http://localhost:4000`);
  }
  return base.replace(/\/+$/, '');
}

/** @template T @param {() => T} read @returns {T} */
export function readArguments(read) {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
