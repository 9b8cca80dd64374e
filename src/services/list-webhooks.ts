import { listWebhookRows, type NewestFirst, type WebhookRow } from '../db/webhook-inbox.js';
import { listWebhookSampleRows, type WebhookSampleRow } from '../db/webhook-samples.js';
import type { TenantId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { requireOperator } from './access.js';
import type { Deps } from './deps.js';

export type { WebhookRow, WebhookSampleRow };

/** Which of a tenant's webhooks; the newest come first. */
export interface ListWebhooks {
  readonly tenantId: TenantId;
  readonly provider?: string | undefined;
  readonly first: number;
  /** Id of the one behind which to go on. */
  readonly after?: string | undefined;
}

/** Rows bring what was sent with them, so a page has fewer of them than elsewhere. */
const pageBounds = { min: 1, max: 100 } as const;

export interface WebhookPage<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** Notices that a provider signed, with what came of them. For operators. */
export async function listWebhooks(
  deps: Deps,
  scope: Scope,
  { verdict, ...wanted }: ListWebhooks & { readonly verdict?: string | undefined },
): Promise<WebhookPage<WebhookRow>> {
  return pageOf(scope, wanted, (rows) => {
    checkWord('verdict', verdict);
    return listWebhookRows(deps.orm, rows, verdict);
  });
}

/** A sample of the calls that no provider signed. For operators. */
export async function listWebhookSamples(
  deps: Deps,
  scope: Scope,
  wanted: ListWebhooks,
): Promise<WebhookPage<WebhookSampleRow>> {
  return pageOf(scope, wanted, (rows) => listWebhookSampleRows(deps.orm, rows));
}

async function pageOf<Row>(
  scope: Scope,
  { first, after, ...which }: ListWebhooks,
  read: (which: NewestFirst) => Promise<readonly Row[]>,
): Promise<WebhookPage<Row>> {
  requireOperator(scope);
  checkWord('provider', which.provider);
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const rows = await read({ ...which, before: after, limit: first + 1 });
  return { rows: rows.slice(0, first), hasMore: rows.length > first };
}

function checkWord(path: string, word: string | undefined): void {
  if (word !== undefined && !/^[a-z_]{1,40}$/.test(word))
    throw invalid([{ path, message: 'must be a word in lower case' }]);
}
