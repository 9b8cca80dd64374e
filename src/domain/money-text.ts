import type { Amount } from './money.js';

const digits = new Map<string, number>();

/** How many digits of an amount in minor units stand behind the point: none for VND, two for EUR. */
function fractionDigits(currency: string): number {
  const known = digits.get(currency);
  if (known !== undefined) return known;
  const found =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  digits.set(currency, found);
  return found;
}

/** An amount for people: `1,234.50`; `language` decides about its signs. Exact for every amount that the contract carries. */
export function amountText(amount: Amount, currency: string, language: 'en' | 'vi' = 'en'): string {
  const behind = fractionDigits(currency);
  const { group, point } = language === 'vi' ? { group: '.', point: ',' } : { group: ',', point: '.' };
  const all = String(Math.abs(amount)).padStart(behind + 1, '0');
  const whole = all.slice(0, all.length - behind).replace(/\B(?=(\d{3})+$)/g, group);
  const rest = behind > 0 ? `${point}${all.slice(-behind)}` : '';
  return `${amount < 0 ? '-' : ''}${whole}${rest}`;
}
