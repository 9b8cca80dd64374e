import type { Caller, Command } from '../domain/decide.js';
import { parseInput } from '../domain/events/define.js';
import { type EventType, eventDefinition } from '../domain/events/index.js';
import type { SessionId, TenantId } from '../domain/ids.js';
import { fingerprintOf } from '../event-log/fingerprint.js';

/** One of the server's own acts on a session, under one of its own keys. */
export interface ServerAct {
  readonly caller: Caller;
  readonly key: string;
  readonly type: EventType;
  readonly input: unknown;
  /** What makes a repeat the same act. */
  readonly sameness: unknown;
}

/** The command that appends the act's event once. */
export function serverCommand(session: { tenantId: TenantId; sessionId: SessionId }, act: ServerAct): Command {
  const { caller, key, type, sameness } = act;
  const input = parseInput(eventDefinition(type), act.input, []);
  const fingerprint = fingerprintOf({ operation: type, actor: '', content: sameness });
  return { ...pick(session), caller, appends: [{ key, fingerprint, type, input }] };
}

function pick({ tenantId, sessionId }: { tenantId: TenantId; sessionId: SessionId }) {
  return { tenantId, sessionId };
}
