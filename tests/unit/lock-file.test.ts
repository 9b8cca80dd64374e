import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const lockedNames = new Set(Object.keys(lock.packages).map(nameOf));

test('every optional package of every system is locked, or npm ci refuses the file', () => {
  const missing = Object.values(lock.packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !lockedNames.has(name));
  expect(missing, 'node scripts/complete-lockfile.mjs names them again').toEqual([]);
});

test('no registry is written down', () => {
  expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
});

test.each([
  ['@apollo/server', [5, 5, 0], 'an advisory'],
  ['drizzle-orm', [0, 45, 2], 'a CVE'],
  ['ws', [8, 20, 2], 'an advisory'],
  ['node-cron', [4, 4, 0], 'it stopped or spun when clocks changed'],
])('%s is at least %j, because of %s', (name, floor) => {
  const found = Object.entries(lock.packages).filter(([path]) => nameOf(path) === name);
  const below = found.filter(([, { version }]) => isBelow(version.split(/[.-]/).map(Number), floor));
  expect(below).toEqual([]);
});

function nameOf(path: string): string {
  return path.split('node_modules/').at(-1) ?? '';
}

function isBelow(version: readonly number[], floor: readonly number[]): boolean {
  const at = floor.findIndex((part, index) => part !== version[index]);
  return at >= 0 && (version[at] ?? 0) < (floor[at] ?? 0);
}
