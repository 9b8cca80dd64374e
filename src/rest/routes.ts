import type { RestRoute } from './route.js';
import { accountRoutes } from './routes-accounts.js';
import { auditRoutes } from './routes-audit.js';
import { eventRoutes } from './routes-events.js';
import { floorRoutes } from './routes-floor.js';
import { menuRoutes } from './routes-menu.js';
import { menuAdminRoutes } from './routes-menu-admin.js';
import { paymentRoutes } from './routes-payments.js';
import { placeRoutes } from './routes-places.js';
import { sessionRoutes } from './routes-sessions.js';
import { webhookRoutes } from './routes-webhooks.js';

/** The REST face: every route of the contract, bound to its document. No rule lives here. */
export const restRoutes: readonly RestRoute[] = [
  ...sessionRoutes,
  ...eventRoutes,
  ...menuRoutes,
  ...menuAdminRoutes,
  ...floorRoutes,
  ...paymentRoutes,
  ...auditRoutes,
  ...webhookRoutes,
  ...accountRoutes,
  ...placeRoutes,
];
