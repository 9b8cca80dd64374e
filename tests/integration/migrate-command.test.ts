import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runDbCommand } from '../../src/db/cli.js';
import { useEmbeddedLab } from '../support/embedded-server.js';
import { createEmptyDatabase } from '../support/empty-database.js';

const lab = useEmbeddedLab();

async function run(
  env: Readonly<Record<string, string>>,
  ...argv: string[]
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  return { code: await runDbCommand(argv, env, (line) => lines.push(line)), lines };
}

describe('the command db', () => {
  it('migrates up, shows the status and goes down on DATABASE_URL', async () => {
    const env = { DATABASE_URL: await createEmptyDatabase() };
    const up = await run(env, 'up');
    expect(up).toEqual({
      code: 0,
      lines: [expect.stringMatching(/^applied migration 0001_/), expect.any(String), ...up.lines.slice(2)],
    });
    expect(up.lines.at(-1)).toMatch(/^Done: \d+ migrations?\.$/);
    expect((await run(env, 'up')).lines).toEqual(['Nothing to apply.']);
    expect((await run(env, 'status')).lines.at(-1)).toMatch(/^\d+ applied, 0 pending\.$/);
    expect((await run(env, 'down', '--to', '0')).code).toBe(0);
    expect((await run(env, 'status')).lines[0]).toMatch(/^pending {2}0001_/);
    expect((await run(env, 'up', '--to', '0999_none')).lines).toEqual(['There is no migration 0999_none.']);
  });

  it('prefers DATABASE_DIRECT_URL, for a pooler cannot hold the lock', async () => {
    const direct = await createEmptyDatabase();
    const { code } = await run({ DATABASE_URL: 'postgres://127.0.0.1:1/none', DATABASE_DIRECT_URL: direct }, 'up');
    expect(code).toBe(0);
  });

  it('starts and stops the embedded server around itself when no address is given', async () => {
    const env = { DATA_DIR: await lab.oldData() };
    expect((await run(env, 'up')).code).toBe(0);
    expect((await run(env, 'status')).lines.at(-1)).toMatch(/ 0 pending\.$/);
    await lab.start(env.DATA_DIR);
    expect((await run(env, 'status')).lines.at(-1)).toMatch(/ 0 pending\.$/);
    const refused = await run(env, 'up');
    expect(refused).toEqual({ code: 1, lines: [expect.stringMatching(/already in use by process \d+/)] });
  });

  it('resets everything, but in production only when forced', async () => {
    const env = { DATABASE_URL: await createEmptyDatabase(), NODE_ENV: 'production' };
    await run(env, 'up');
    expect(await run(env, 'reset')).toEqual({ code: 1, lines: [expect.stringMatching(/production: add --force/)] });
    const forced = await run(env, 'reset', '--force');
    expect(forced.code).toBe(0);
    expect(forced.lines).toContainEqual(expect.stringMatching(/^took back migration 0001_/));
    expect((await run({ ...env, NODE_ENV: 'development' }, 'reset')).code).toBe(0);
  });

  it.each([[], ['sideways'], ['up', 'now'], ['status', '--to', '0'], ['up', '--force'], ['up', '--tow']])(
    'answers wrong usage with the usage and code 2 (%#)',
    async (...argv: string[]) => {
      const { code, lines } = await run({}, ...argv);
      expect(code).toBe(2);
      expect(lines.join('\n')).toContain('Usage: npm run db -- <command>');
    },
  );

  it('explains itself with --help and code 0', async () => {
    expect((await run({}, '--help')).code).toBe(0);
  });

  it('names a bad variable and an unreachable server in one line', async () => {
    const bad = await run({ DATABASE_URL: 'mysql://somewhere' }, 'up');
    expect(bad).toEqual({ code: 1, lines: [expect.stringMatching(/^DATABASE_URL: .*example:/)] });
    const gone = await run({ DATABASE_URL: 'postgres://127.0.0.1:1/none' }, 'status');
    expect(gone).toEqual({ code: 1, lines: [expect.stringMatching(/ECONNREFUSED/)] });
  });

  it('ends as a program with its exit code', async () => {
    const program = fileURLToPath(new URL('../../src/db/cli.ts', import.meta.url));
    const env = { PATH: process.env['PATH'], DATABASE_URL: await createEmptyDatabase() };
    const start = (...argv: string[]): Promise<{ stdout: string }> =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...argv], { env });
    expect((await start('status')).stdout).toMatch(/pending\.\n$/);
    await expect(start('sideways')).rejects.toMatchObject({ code: 2 });
  });
});
