import { randomBytes } from 'node:crypto';
import { type Fields, positive, text } from '../fields.js';
import { type Gateway, webAddress } from '../gateway.js';
import type { ZalopayMerchant } from '../options.js';
import { openOrder } from '../order.js';
import { dayCode } from '../vietnam-time.js';
import { zalopayFailure, zalopaySuccess } from './answers.js';
import { zalopayMac } from './signing.js';

const CLOCK_MS = 15 * 60_000;
const LIFE_SECONDS = 900;

/** `POST /v2/create`. */
export function zalopayCreate(gateway: Gateway, merchant: ZalopayMerchant, fields: Fields): object {
  if (text(fields, 'app_id') !== merchant.appId) return zalopayFailure(-402, 'app_id is not known');
  const signed = ['app_id', 'app_trans_id', 'app_user', 'amount', 'app_time', 'embed_data', 'item'];
  const mac = zalopayMac(
    signed.map((name) => text(fields, name)),
    merchant.key1,
  );
  if (mac !== text(fields, 'mac')) return zalopayFailure(-402, 'mac');
  const fault = faultOf(gateway, fields);
  if (fault) return zalopayFailure(-401, fault);
  const reference = text(fields, 'app_trans_id');
  if (gateway.find('zalopay', reference)) return zalopayFailure(-68, 'app_trans_id is taken');
  open(gateway, fields);
  const page = gateway.pageOf('zalopay', reference);
  const token = randomBytes(16).toString('base64url');
  // The real code is a VietQR; this one leads to the page, so that any camera can follow it.
  return zalopaySuccess({ order_url: page, zp_trans_token: token, order_token: token, qr_code: page });
}

function open(gateway: Gateway, fields: Fields): void {
  const now = gateway.now();
  const life = positive(text(fields, 'expire_duration_seconds')) || LIFE_SECONDS;
  const kept = ['app_id', 'app_user', 'app_time', 'embed_data', 'item'];
  gateway.add(
    openOrder({
      provider: 'zalopay',
      reference: text(fields, 'app_trans_id'),
      merchant: text(fields, 'title') || `ZaloPay ${text(fields, 'app_id')}`,
      amount: positive(text(fields, 'amount')),
      description: text(fields, 'description'),
      createdAt: now,
      expiresAt: now + life * 1000,
      webhookPath: gateway.webhookPath(text(fields, 'callback_url')) ?? '/webhooks/zalopay',
      redirectUrl: redirectOf(text(fields, 'embed_data')),
      given: Object.fromEntries(kept.map((name) => [name, text(fields, name)])),
    }),
  );
}

/** What ZaloPay would refuse; undefined: nothing. */
function faultOf(gateway: Gateway, fields: Fields): string | undefined {
  const now = gateway.now();
  const reference = text(fields, 'app_trans_id');
  if (!/^\d{6}_[\w.-]+$/.test(reference) || reference.length > 40) return 'app_trans_id';
  if (!reference.startsWith(dayCode(now))) return `app_trans_id does not begin with ${dayCode(now)}, today in Vietnam`;
  if (Math.abs(now - positive(text(fields, 'app_time'))) > CLOCK_MS) return 'app_time is not within 15 minutes of now';
  if (positive(text(fields, 'amount')) === 0) return 'amount';
  const user = text(fields, 'app_user');
  if (user === '' || user.length > 50) return 'app_user';
  const description = text(fields, 'description');
  if (description === '' || description.length > 256) return 'description';
  if (!isJson(text(fields, 'embed_data'), 1_024)) return 'embed_data is no JSON';
  if (!isJson(text(fields, 'item'), 2_048)) return 'item is no JSON';
  return addressFault(gateway, fields);
}

function addressFault(gateway: Gateway, fields: Fields): string | undefined {
  const callback = text(fields, 'callback_url');
  if (callback !== '' && gateway.webhookPath(callback) === undefined) {
    return 'callback_url: this simulator calls only /webhooks/ of its own server';
  }
  const life = text(fields, 'expire_duration_seconds');
  const seconds = positive(life);
  return life !== '' && (seconds < 300 || seconds > 2_592_000) ? 'expire_duration_seconds' : undefined;
}

function isJson(value: string, longest: number): boolean {
  if (value === '' || value.length > longest) return false;
  try {
    return typeof JSON.parse(value) === 'object';
  } catch {
    return false;
  }
}

function redirectOf(embedData: string): string | undefined {
  const { redirecturl } = (JSON.parse(embedData) ?? {}) as { redirecturl?: unknown };
  return typeof redirecturl === 'string' && webAddress(redirecturl) ? redirecturl : undefined;
}
