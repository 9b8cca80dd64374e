import { randomInt } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const prefix = 'QR';
const randomLength = 13;
const length = prefix.length + randomLength + 1;
/** Each is looked up. */
const mostFound = 4;
const shape = /^QR[0-9A-Z]{14}$/;

/**
 * A new payment reference: `QR`, 13 random characters (67 bits: nobody guesses one) and a check character. Short and
 * plain enough for a bank transfer's message. `random` gives a whole number from 0 up to below its argument.
 */
export function mintReference(random: (below: number) => number = (below) => randomInt(below)): string {
  const body = Array.from({ length: randomLength }, () => alphabet.charAt(random(alphabet.length))).join('');
  return withCheck(prefix + body);
}

/** Whether this is a reference that we can have minted. */
export function isMinted(text: string): boolean {
  return shape.test(text) && withCheck(text.slice(0, -1)) === text;
}

/**
 * What may be a minted reference in what a bank made of a transfer's message: banks add words before and after, drop
 * punctuation, join words and change the case. Every place is tried. The check character tells the right one, but one in 37
 * of the others passes as well.
 */
export function findReferences(message: string): readonly string[] {
  const squeezed = message.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  const found: string[] = [];
  for (let at = squeezed.indexOf(prefix); at >= 0 && found.length < mostFound; at = squeezed.indexOf(prefix, at + 1)) {
    const candidate = squeezed.slice(at, at + length);
    if (isMinted(candidate)) found.push(candidate);
  }
  return found;
}

/** ISO 7064 MOD 37,36: finds every single wrong character, and of two that changed places 998 in 1000. */
function withCheck(body: string): string {
  const modulus = alphabet.length;
  let product = modulus;
  for (const character of body) {
    const sum = (product + alphabet.indexOf(character)) % modulus || modulus;
    product = (sum * 2) % (modulus + 1);
  }
  return body + alphabet.charAt((modulus + 1 - product) % modulus);
}
