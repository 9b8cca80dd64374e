import { findLocation } from '../db/locations.js';
import type { LocationId, SessionId, TenantId } from '../domain/ids.js';
import type { Deps } from './deps.js';

type Session = { readonly tenantId: TenantId; readonly locationId: LocationId; readonly sessionId: SessionId };

/** What a session's QR code says: the guests' page, with session and join token in the fragment, which no server sees. */
export async function sessionQrUrl(deps: Deps, { tenantId, locationId, sessionId }: Session): Promise<string> {
  const location = await findLocation(deps.orm, tenantId, locationId);
  return `${guestPageOf(deps, location?.guestUrl)}#s=${sessionId}&j=${deps.tokens.joinToken(tenantId, sessionId)}`;
}

/** Where guests land who scan a code: the location's own page, else the one that comes with the server. */
export function guestPageOf({ publicUrl }: Pick<Deps, 'publicUrl'>, guestUrl: string | null | undefined): string {
  return guestUrl ?? `${publicUrl()}/demo/`;
}

/** Where the QR code can be had as a picture, with a credential of the session. */
export function sessionQrSvgUrl(deps: Deps, sessionId: SessionId): string {
  return `${deps.publicUrl()}/api/v1/sessions/${sessionId}/qr.svg`;
}
