import { type Fields, text } from '../fields.js';
import { type Gateway, type Reply, webAddress } from '../gateway.js';
import type { MomoMerchant } from '../options.js';
import { openOrder } from '../order.js';
import { momoMessage, momoRefusal, momoReply } from './answers.js';
import { momoSignature, momoText } from './signing.js';

/** How long its code can be paid. */
const LIFE_MS = 15 * 60_000;

/** `POST /v2/gateway/api/create`: a payment with the wallet. */
export function momoCreate(gateway: Gateway, merchant: MomoMerchant, fields: Fields): Reply {
  const at = gateway.now();
  const fault = faultOf(gateway, fields);
  if (fault) return momoReply(fields, { code: 20, why: fault, at });
  const refusal = momoRefusal('create', fields, merchant);
  if (refusal) return momoReply(fields, { code: 13, why: refusal, at });
  const amount = fields.amount as number;
  if (amount < 1_000 || amount > 50_000_000) return momoReply(fields, { code: 22, at });
  const requestKey = `momo:${text(fields, 'requestId')}`;
  const fingerprint = `create ${text(fields, 'signature')}`;
  const before = gateway.answered.get(requestKey);
  if (before) return before.fingerprint === fingerprint ? before.reply : momoReply(fields, { code: 40, at });
  if (gateway.find('momo', text(fields, 'orderId'))) return momoReply(fields, { code: 41, at });
  open(gateway, fields);
  const reply = created(gateway, merchant, fields);
  gateway.answered.set(requestKey, { fingerprint, reply, at });
  return reply;
}

function open(gateway: Gateway, fields: Fields): void {
  const now = gateway.now();
  gateway.add(
    openOrder({
      provider: 'momo',
      reference: text(fields, 'orderId'),
      merchant: text(fields, 'partnerName') || text(fields, 'partnerCode'),
      amount: fields.amount as number,
      description: text(fields, 'orderInfo'),
      createdAt: now,
      expiresAt: now + LIFE_MS,
      webhookPath: gateway.webhookPath(text(fields, 'ipnUrl')) ?? '',
      redirectUrl: text(fields, 'redirectUrl'),
      given: {
        partnerCode: text(fields, 'partnerCode'),
        requestId: text(fields, 'requestId'),
        extraData: text(fields, 'extraData'),
      },
    }),
  );
}

/** The links all lead to the simulator's page: nothing here may open the real app. */
function created(gateway: Gateway, merchant: MomoMerchant, fields: Fields): Reply {
  const at = gateway.now();
  const payUrl = gateway.pageOf('momo', text(fields, 'orderId'));
  const values = {
    accessKey: merchant.accessKey,
    amount: fields.amount as number,
    message: momoMessage(0),
    orderId: text(fields, 'orderId'),
    partnerCode: text(fields, 'partnerCode'),
    payUrl,
    requestId: text(fields, 'requestId'),
    responseTime: at,
    resultCode: 0,
  };
  return momoReply(
    fields,
    { code: 0, at },
    {
      amount: fields.amount,
      payUrl,
      deeplink: `${payUrl}&from=app`,
      qrCodeUrl: payUrl,
      deeplinkMiniApp: `${payUrl}&from=mini`,
      userFee: 0,
      signature: momoSignature(momoText('created', values), merchant.secretKey),
    },
  );
}

/** What MoMo would call a bad format; undefined: nothing. */
function faultOf(gateway: Gateway, fields: Fields): string | undefined {
  if (!Number.isSafeInteger(fields.amount)) return 'amount is not a whole number';
  if (!isName(text(fields, 'requestId'), 50)) return 'requestId';
  if (!isName(text(fields, 'orderId'), 200)) return 'orderId';
  if (!isWithin(text(fields, 'orderInfo'), 1, 255)) return 'orderInfo';
  if (!isExtraData(text(fields, 'extraData'))) return 'extraData is not base64 of JSON';
  if (text(fields, 'requestType') !== 'captureWallet') return 'requestType';
  if (fields.lang !== undefined && fields.lang !== 'vi' && fields.lang !== 'en') return 'lang';
  if (!webAddress(text(fields, 'redirectUrl'))) return 'redirectUrl';
  const ipnUrl = text(fields, 'ipnUrl');
  if (!/^[\w.:/[\]-]+$/.test(ipnUrl)) return 'ipnUrl has special characters';
  if (gateway.webhookPath(ipnUrl) === undefined)
    return 'ipnUrl: this simulator calls only /webhooks/ of its own server';
  return undefined;
}

/** Letters and digits at the ends, `-_.` also between. */
export function isName(value: string, longest: number): boolean {
  return value.length <= longest && /^[0-9a-zA-Z]([0-9a-zA-Z._-]*[0-9a-zA-Z])?$/.test(value);
}

function isWithin(value: string, shortest: number, longest: number): boolean {
  return value.length >= shortest && value.length <= longest;
}

function isExtraData(value: string): boolean {
  if (value === '') return true;
  if (value.length > 1_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  try {
    JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
