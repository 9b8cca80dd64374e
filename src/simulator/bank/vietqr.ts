/** What a scanned VietQR says. */
export interface ScannedQr {
  readonly bankBin: string;
  readonly account: string;
  /** Undefined: the payer types it. */
  readonly amount: number | undefined;
  /** The message of the transfer. */
  readonly message: string;
}

/** Reads a VietQR as a bank's app does; undefined: it would not. */
export function scanVietQr(qr: string): ScannedQr | undefined {
  const fields = readFields(qr);
  const template = readFields(fields?.get('38') ?? '');
  const account = readFields(template?.get('01') ?? '');
  if (!fields || !account || template?.get('00') !== 'A000000727') return undefined;
  if (fields.get('00') !== '01' || fields.get('53') !== '704') return undefined;
  if (!/6304[0-9A-F]{4}$/.test(qr) || fields.get('63') !== crc(qr.slice(0, -4))) return undefined;
  const amount = fields.get('54');
  if (amount !== undefined && !/^[1-9]\d{0,12}$/.test(amount)) return undefined;
  return {
    bankBin: account.get('00') ?? '',
    account: account.get('01') ?? '',
    amount: amount === undefined ? undefined : Number(amount),
    message: readFields(fields.get('62') ?? '')?.get('08') ?? '',
  };
}

/** Two digits of name, two of length, the value; undefined: the lengths do not consume the text exactly. */
function readFields(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const head = /^(\d\d)(\d\d)$/.exec(text.slice(at, at + 4));
    if (!head) return undefined;
    const end = at + 4 + Number(head[2]);
    if (end > text.length || fields.has(head[1] ?? '')) return undefined;
    fields.set(head[1] ?? '', text.slice(at + 4, end));
    at = end;
  }
  return fields;
}

/** CRC-16/CCITT-FALSE in four hexadecimal digits. */
function crc(text: string): string {
  let value = 0xffff;
  for (const byte of Buffer.from(text, 'utf8')) {
    value ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1) & 0xffff;
  }
  return value.toString(16).toUpperCase().padStart(4, '0');
}
