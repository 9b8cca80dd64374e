/** A bank transfer as a QR code tells it: NAPAS' profile of EMVCo's merchant-presented codes. */
export interface TransferQr {
  /** Six digits that name the bank. */
  readonly bankBin: string;
  readonly accountNumber: string;
  /** Whether the number is an account's or a card's. */
  readonly to: 'account' | 'card';
  /** Whole đồng; absent: the payer types it. */
  readonly amount?: number | undefined;
  /** The transfer's message. */
  readonly purpose?: string | undefined;
}

const napas = 'A000000727';
const services = { account: 'QRIBFTTA', card: 'QRIBFTTC' } as const;
const dong = '704';
const printable = /^[\x20-\x7e]*$/;
const crcHead = '6304';

/** The text of a QR code that banks' apps read. Throws RangeError for what does not fit into one. */
export function writeTransferQr({ bankBin, accountNumber, to, amount, purpose }: TransferQr): string {
  const account = field('00', bankBin) + field('01', accountNumber);
  const text = [
    field('00', '01'),
    field('01', amount === undefined ? '11' : '12'),
    field('38', field('00', napas) + field('01', account) + field('02', services[to])),
    field('53', dong),
    amount === undefined ? '' : field('54', amountText(amount)),
    field('58', 'VN'),
    purpose === undefined ? '' : field('62', field('08', purpose)),
    crcHead,
  ].join('');
  return text + crc16(text);
}

/** What a QR code's text says, or undefined: damaged, or no transfer in đồng through NAPAS. */
export function readTransferQr(text: string): TransferQr | undefined {
  if (!printable.test(text) || text.slice(-8, -4) !== crcHead || crc16(text.slice(0, -4)) !== text.slice(-4))
    return undefined;
  const fields = fieldsOf(text);
  const napasFields = fieldsOf(fields?.get('38') ?? '');
  const account = fieldsOf(napasFields?.get('01') ?? '');
  if (!fields || !napasFields || !account || napasFields.get('00') !== napas) return undefined;
  if (fields.get('00') !== '01' || fields.get('53') !== dong || [...fields.keys()].at(-1) !== '63') return undefined;
  const amount = fields.get('54');
  const [bankBin, accountNumber] = [account.get('00'), account.get('01')];
  if (bankBin === undefined || accountNumber === undefined) return undefined;
  if (amount !== undefined && !/^[1-9]\d{0,12}$/.test(amount)) return undefined;
  return {
    bankBin,
    accountNumber,
    to: napasFields.get('02') === services.card ? 'card' : 'account',
    amount: amount === undefined ? undefined : Number(amount),
    purpose: fieldsOf(fields.get('62') ?? '')?.get('08'),
  };
}

/** CRC-16/CCITT-FALSE: polynomial 1021, starting from FFFF, nothing reflected; four upper-case hex digits. */
export function crc16(text: string): string {
  let crc = 0xffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

function field(tag: string, value: string): string {
  if (value.length < 1 || value.length > 99 || !printable.test(value))
    throw new RangeError(`field ${tag} does not fit`);
  return tag + String(value.length).padStart(2, '0') + value;
}

function amountText(amount: number): string {
  const text = String(amount);
  if (!/^[1-9]\d{0,12}$/.test(text)) throw new RangeError('the amount does not fit');
  return text;
}

/** Tags and values of a text, in order; undefined unless their lengths use it up exactly and no tag stands in it twice. */
function fieldsOf(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const head = /^(\d\d)(\d\d)/.exec(rest);
    const [, tag = '', digits = '00'] = head ?? [];
    const end = 4 + Number(digits);
    if (digits === '00' || rest.length < end || fields.has(tag)) return undefined;
    fields.set(tag, rest.slice(4, end));
    rest = rest.slice(end);
  }
  return fields;
}
