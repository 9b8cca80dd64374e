import type { KeyedEvent } from '../domain/decide.js';
import type { Gate } from '../domain/events/define.js';
import type { KeptNotice } from '../domain/inbox.js';
import type { Seal } from './hash-chain.js';
import type { SessionState } from './session-state.js';

/** What one session gets in a batch: events that follow the state it was decided on. */
export interface SessionWrite {
  readonly before: SessionState;
  readonly after: SessionState['bill'];
  readonly gate: Gate;
  readonly events: readonly (KeyedEvent & { readonly seal: Seal })[];
  /** Webhooks that led to these events. */
  readonly inbox: readonly KeptNotice[];
}
