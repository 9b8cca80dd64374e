import { demoIds } from './example-ids.js';
import type { RestParameter, RestRoute } from './route.js';

const page: readonly RestParameter[] = [
  { in: 'query', name: 'tenant_id', to: 'tenantId', description: 'The tenant.' },
  { in: 'query', name: 'provider', to: 'provider', description: 'Only those of this provider.' },
  { in: 'query', name: 'cursor', to: 'after', description: 'Where an earlier page ended: its `next_cursor`.' },
  { in: 'query', name: 'limit', to: 'first', description: 'Most to give, 1 to 100.' },
];

/** What payment providers sent, for operators. The providers' own way in is `/webhooks/...` and no part of this face. */
export const webhookRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/webhooks',
    operation: 'Webhooks',
    summary: 'Notices that a provider signed, with what came of them',
    example: { as: 'operator', query: { tenant_id: demoIds.tenant, provider: 'momo' } },
    parameters: [
      ...page,
      { in: 'query', name: 'verdict', to: 'verdict', description: 'Only those with this verdict.' },
    ],
    statuses: [{ status: 200, description: 'The notices, the newest first.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/webhooks/{webhook_id}/replay',
    operation: 'ReplayWebhook',
    summary: 'Go through a notice once more',
    parameters: [{ in: 'path', name: 'webhook_id', to: 'input.webhookId', description: 'The notice.' }],
    body: { to: 'input', description: 'Whose it is.', without: ['webhookId'] },
    statuses: [{ status: 200, description: 'What came of it this time.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/webhook-samples',
    operation: 'WebhookSamples',
    summary: 'A sample of the calls that could not be verified',
    example: { as: 'operator', query: { tenant_id: demoIds.tenant } },
    parameters: page,
    statuses: [{ status: 200, description: 'The samples, the newest first.' }],
  },
];
