import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, loadDatabaseConfig, loadSealingConfig, readSecret, sealingTexts } from '../config.js';
import { resealSecrets, resealTokens } from '../services/reseal-secrets.js';
import { createSecretBox } from '../services/secret-box.js';
import { connect } from './connect.js';
import { EmbeddedDatabaseError } from './embedded/embedded-error.js';
import { type MigrateOptions, MigrationError, migrateDown, migrateUp, migrationStatus } from './migrate.js';
import { reachDatabase } from './reach-database.js';

const USAGE = `Usage: npm run db -- <command>

  up [--to <id>]      apply the pending migrations, up to and including <id>
  down [--to <id>]    take back the newest one, or all after <id> (0: all of them)
  status              list applied and pending migrations
  reset [--force]     take everything back and apply it again: ALL DATA IS LOST
  reseal-secrets      seal stored payment secrets and table codes under the present SECRETS_KEY

Database: DATABASE_DIRECT_URL, else DATABASE_URL, else the embedded server on DATA_DIR (default .data).
Exit code: 0 done, 1 refused or failed, 2 wrong usage.`;

type Environment = Readonly<Record<string, string | undefined>>;
type Print = (line: string) => void;

interface Request {
  readonly command: string;
  readonly to: string | undefined;
  readonly force: boolean;
}

/** Runs one command of `npm run db` and returns the exit code. */
export async function runDbCommand(argv: readonly string[], env: Environment, print: Print): Promise<number> {
  const request = parseRequest(argv);
  if (typeof request === 'string') {
    print(request === '' ? USAGE : `${request}\n\n${USAGE}`);
    return request === '' ? 0 : 2;
  }
  if (request.command === 'reset' && env['NODE_ENV'] === 'production' && !request.force) {
    print('reset deletes all data and NODE_ENV is production: add --force if that is what you want.');
    return 1;
  }
  try {
    return await withDatabase(env, { request, print }, (url) =>
      request.command === 'reseal-secrets' ? reseal(url, env, print) : migrate(url, request, print),
    );
  } catch (error) {
    print(describe(error));
    return 1;
  }
}

/** The request; a text says what is wrong with it, the empty text asks for help. */
function parseRequest(argv: readonly string[]): Request | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { to: { type: 'string' }, force: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    const [command, ...rest] = positionals;
    if (values.help === true) return '';
    if (command === undefined) return 'A command is missing.';
    if (!['up', 'down', 'status', 'reset', 'reseal-secrets'].includes(command)) return `Unknown command: ${command}`;
    if (rest.length > 0) return `Unexpected: ${rest.join(' ')}`;
    if (values.to !== undefined && command !== 'up' && command !== 'down') return `--to does not go with ${command}.`;
    if (values.force === true && command !== 'reset') return `--force does not go with ${command}.`;
    return { command, to: values.to, force: values.force === true };
  } catch (error) {
    return describe(error);
  }
}

async function withDatabase(
  env: Environment,
  { request, print }: { readonly request: Request; readonly print: Print },
  work: (url: string) => Promise<number>,
): Promise<number> {
  const disturbsNobody = request.command === 'status' || request.command === 'reseal-secrets';
  const database = await reachDatabase(loadDatabaseConfig(env), { disturbsNobody, log: print });
  try {
    return await work(database.url);
  } finally {
    await database.stop();
  }
}

async function migrate(url: string, request: Request, print: Print): Promise<number> {
  const options: MigrateOptions = { log: print, ...(request.to === undefined ? {} : { to: request.to }) };
  switch (request.command) {
    case 'up':
      return report(await migrateUp(url, options), 'Nothing to apply.', print);
    case 'down':
      return report(await migrateDown(url, options), 'Nothing to take back.', print);
    case 'reset':
      await migrateDown(url, { log: print, to: '0' });
      return report(await migrateUp(url, options), 'There are no migrations.', print);
    default:
      return printStatus(url, print);
  }
}

function report(ids: readonly string[], none: string, print: Print): number {
  print(ids.length === 0 ? none : `Done: ${ids.length} ${ids.length === 1 ? 'migration' : 'migrations'}.`);
  return 0;
}

async function printStatus(url: string, print: Print): Promise<number> {
  const { applied, pending, problem } = await migrationStatus(url, {});
  for (const { id, appliedAt } of applied) print(`applied  ${id}  ${appliedAt.toISOString()}`);
  for (const id of pending) print(`pending  ${id}`);
  print(problem ?? `${applied.length} applied, ${pending.length} pending.`);
  return problem === undefined ? 0 : 1;
}

async function reseal(url: string, env: Environment, print: Print): Promise<number> {
  const config = loadSealingConfig(env);
  const authSecret = config.auth.secret ?? (await readSecret(join(config.dataDir, 'auth-secret')));
  const texts = sealingTexts(config, authSecret);
  if (texts.length === 0) {
    print('There is no key: set SECRETS_KEY or AUTH_SECRET as the servers have them.');
    return 1;
  }
  const database = connect({ url, poolSize: 2, prepare: false });
  try {
    const box = createSecretBox(texts);
    const accounts = await resealSecrets(database.orm, box);
    const tables = await resealTokens(database.orm, box);
    for (const id of accounts.unopenable)
      print(`account ${id}: no key opens its secrets; rotate them, or give its key`);
    for (const id of tables.unopenable) print(`table ${id}: no key opens its code's token; rotate it, or give its key`);
    const unopenable = accounts.unopenable.length + tables.unopenable.length;
    const [resealed, upToDate] = [accounts.resealed + tables.resealed, accounts.upToDate + tables.upToDate];
    print(`${resealed} sealed anew, ${upToDate} were under the present key, ${unopenable} do not open.`);
    return unopenable === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

/** Known refusals are complete in one line; the others keep their kind, for a bug report. */
function describe(error: unknown): string {
  const known = [ConfigError, EmbeddedDatabaseError, MigrationError].some((kind) => error instanceof kind);
  if (known && error instanceof Error) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  process.exitCode = await runDbCommand(process.argv.slice(2), process.env, console.log);
}
