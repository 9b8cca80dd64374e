import { realpathSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, loadDatabaseConfig } from './config.js';
import { openForTool } from './db/connect.js';
import { EmbeddedDatabaseError } from './db/embedded/embedded-error.js';
import { reachDatabase } from './db/reach-database.js';
import { asId, isUuid, type SessionId, type TenantId } from './domain/ids.js';
import { type FoundFault, verifyLog, type VerifyOptions } from './event-log/verify/verify-log.js';

const USAGE = `Usage: npm run verify-log -- [options]

  --session <id>   only this session
  --tenant <id>    only the sessions of this tenant
  --deep           also fold the log: checkpoints, and the heads' status, table, times and amounts

Reads the log from end to end and holds every row against the hashes that it was sealed with; servers may run meanwhile.
Database: DATABASE_DIRECT_URL, else DATABASE_URL, else the embedded server on DATA_DIR (default .data).
Exit code: 0 the log is as it was written, 1 it is not (each fault is a line), 2 it could not be read.`;

type Environment = Readonly<Record<string, string | undefined>>;
type Print = (line: string) => void;
type Request = Pick<VerifyOptions, 'sessionId' | 'tenantId' | 'isDeep'>;

/** Runs `npm run verify-log` and returns the exit code. */
export async function runVerifyLog(argv: readonly string[], env: Environment, print: Print): Promise<number> {
  const request = parseRequest(argv);
  if (typeof request === 'string') {
    print(request === '' ? USAGE : `${request}\n\n${USAGE}`);
    return request === '' ? 0 : 2;
  }
  try {
    const config = loadDatabaseConfig(env);
    const database = await reachDatabase(config, { disturbsNobody: true, log: () => undefined });
    try {
      return await verify(database.url, request, print);
    } finally {
      await database.stop();
    }
  } catch (error) {
    print(describe(error));
    return 2;
  }
}

/** The request; a text says what is wrong with it, the empty text asks for help. */
function parseRequest(argv: readonly string[]): Request | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        session: { type: 'string' },
        tenant: { type: 'string' },
        deep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { session, tenant, deep: isDeep, help } = values;
    if (help === true) return '';
    if (session !== undefined && !isUuid(session)) return `--session ${session} is no id.`;
    if (tenant !== undefined && !isUuid(tenant)) return `--tenant ${tenant} is no id.`;
    return {
      isDeep,
      sessionId: session === undefined ? undefined : asId<SessionId>(session),
      tenantId: tenant === undefined ? undefined : asId<TenantId>(tenant),
    };
  } catch (error) {
    return describe(error);
  }
}

async function verify(url: string, request: Request, print: Print): Promise<number> {
  const { sql, close } = openForTool(url);
  const started = performance.now();
  try {
    const { events, sessions, faults } = await verifyLog(sql, { ...request, found: (fault) => print(lineOf(fault)) });
    if (sessions === 0 && (request.sessionId ?? request.tenantId) !== undefined) {
      print('There is no such session.');
      return 2;
    }
    const seconds = (performance.now() - started) / 1000;
    const rate = Math.round(events / seconds).toLocaleString('en-US');
    const scope = `${counted(events, 'event')} of ${counted(sessions, 'session')}`;
    const verdict = faults === 0 ? 'everything is as it was written' : `${counted(faults, 'fault')}`;
    print(`${scope} in ${seconds.toFixed(1)} s (${rate} events/s): ${verdict}.`);
    return faults === 0 ? 0 : 1;
  } finally {
    await close();
  }
}

function lineOf({ tenantId, sessionId, seq, what, text }: FoundFault): string {
  return `tenant ${tenantId} session ${sessionId}${seq === 0 ? '' : ` seq ${seq}`} [${what}] ${text}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Known refusals are complete in one line; the others keep their kind, for a bug report. */
function describe(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedDatabaseError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  process.exitCode = await runVerifyLog(process.argv.slice(2), process.env, console.log);
}
