import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net';

/** Whether a webhook for this account may come from this address. Without a list it may come from anywhere. */
export function isAddressAllowed(
  { allowedAddresses }: { readonly allowedAddresses: readonly string[] },
  address: string,
): boolean {
  if (allowedAddresses.length === 0) return true;
  const caller = readAddress(address);
  return caller !== undefined && listOf(allowedAddresses).check(caller.address, caller.family);
}

/** An address or a range in CIDR notation in its one usual spelling; undefined if it is neither. */
export function readAddressRange(text: string): string | undefined {
  const range = readRange(text.trim());
  if (!range) return undefined;
  return range.bits === undefined ? range.address : `${range.address}/${range.bits}`;
}

interface Address {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
}

/** Lists come from the accounts in memory, and are made once for each of them. */
const lists = new WeakMap<readonly string[], BlockList>();

function listOf(ranges: readonly string[]): BlockList {
  const known = lists.get(ranges);
  if (known) return known;
  const list = new BlockList();
  for (const { address, family, bits } of ranges.map(readRange).filter((range) => range !== undefined)) {
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  lists.set(ranges, list);
  return list;
}

function readRange(text: string): (Address & { readonly bits: number | undefined }) | undefined {
  const [, host = '', digits] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = readAddress(host);
  if (!address || digits === undefined) return address && { ...address, bits: undefined };
  // A range of IPv4 addresses may be written as one of IPv6; then 96 of its bits are the prefix of all of them.
  const bits = Number(digits) - (address.family === 'ipv4' && !isIPv4(host) ? 96 : 0);
  return bits >= 0 && bits <= (address.family === 'ipv4' ? 32 : 128) ? { ...address, bits } : undefined;
}

/** An IPv4 address that comes in the clothes of IPv6 is an IPv4 address. */
function readAddress(text: string): Address | undefined {
  const family = isIP(text);
  if (family === 0) return undefined;
  if (family === 4) return { address: text, family: 'ipv4' };
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  const mapped = address.replace(/^::ffff:(?=\d+\.)/, '');
  return isIPv4(mapped) ? { address: mapped, family: 'ipv4' } : { address, family: 'ipv6' };
}
