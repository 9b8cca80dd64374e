/** A member of a JSON object: what it means, and what was written. */
export interface ExactMember {
  readonly value: unknown;
  /** The value as it was written, without the white space around it. */
  readonly text: string;
}

export type ExactObject = ReadonlyMap<string, ExactMember>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const integer = /^-?(?:0|[1-9]\d*)$/;

/**
 * Reads a JSON object and keeps the text of its members, because providers' ids are whole numbers of up to 19 digits and
 * a JavaScript number keeps 15. Undefined: it is no JSON, no object, or a name stands in it twice.
 */
export function parseExact(source: string): ExactObject | undefined {
  const whole = parseObject(source);
  if (!whole) return undefined;
  const members = new Map<string, ExactMember>();
  for (const [name, text] of topLevelMembers(source)) {
    if (members.has(name)) return undefined;
    members.set(name, { value: whole[name], text });
  }
  return members;
}

/** The same of bytes, which have to be UTF-8 from the first to the last. */
export function parseExactBytes(source: Uint8Array): ExactObject | undefined {
  try {
    return parseExact(utf8.decode(source));
  } catch {
    return undefined;
  }
}

/** The digits of a member that is a JSON integer: no string, no fraction, no exponent. */
export function integerText(member: ExactMember | undefined): string | undefined {
  return member && typeof member.value === 'number' && integer.test(member.text) ? member.text : undefined;
}

/** A member that is a string of whole characters: half of a surrogate pair has no bytes that could be signed. */
export function stringOf(member: ExactMember | undefined): string | undefined {
  return typeof member?.value === 'string' && member.value.isWellFormed() ? member.value : undefined;
}

/** A whole number for a body: a JavaScript number where that is exact, else a bigint. */
export function wholeNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** JSON text of a flat object whose members may be bigints. */
export function writeExact(object: object): string {
  const members = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${typeof value === 'bigint' ? value : JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}

function parseObject(source: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(source);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Names and value texts of an object. The source is known to be valid JSON, so only its structure has to be followed. */
function* topLevelMembers(source: string): Generator<readonly [name: string, text: string]> {
  let at = skip(source, source.indexOf('{') + 1);
  while (source[at] !== '}') {
    const nameEnd = endOfString(source, at);
    const name = JSON.parse(source.slice(at, nameEnd)) as string;
    const start = skip(source, nameEnd);
    const end = endOfValue(source, start);
    yield [name, source.slice(start, end)];
    at = skip(source, end);
  }
}

/** Past white space and what separates members. */
function skip(source: string, from: number): number {
  let at = from;
  while (isBetween(source[at])) at += 1;
  return at;
}

function isBetween(character: string | undefined): boolean {
  return character !== undefined && ' \t\r\n,:'.includes(character);
}

function endOfString(source: string, start: number): number {
  let at = start + 1;
  while (source[at] !== '"') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(source: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const character = source[at];
    if (character === '"') {
      at = endOfString(source, at);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
  } while (depth > 0 || !isEnd(source[at], source[start]));
  return at;
}

/** Whether a value is over: strings and nested values end with their own last character, others before the next sign. */
function isEnd(next: string | undefined, first: string | undefined): boolean {
  return first === '"' || first === '{' || first === '[' || next === '}' || isBetween(next);
}
