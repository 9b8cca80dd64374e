import { type ExactObject, parseExact } from './exact-json.js';
import { type ProviderCall, ProviderFailure, type ProviderHttp } from './provider.js';

/** Calls a provider and reads the object that it answers with, whatever the status: their refusals come with 4xx. */
export async function askProvider(http: ProviderHttp, call: ProviderCall): Promise<ExactObject> {
  const { status, text } = await http(call);
  const answer = parseExact(text);
  if (answer) return answer;
  const isAway = status >= 500 || status === 429;
  throw new ProviderFailure(
    `the provider answered ${status} with what is no JSON object`,
    isAway ? 'unreachable' : 'unreadable',
  );
}

/** An address of the provider; without one nothing is asked, so nothing was made of it. */
export function endpoint(base: string | undefined, path = ''): string {
  if (base === undefined) throw new ProviderFailure('no address of the provider is configured', 'refused');
  return base + path;
}

/** An answer has to be about what was asked. Texts and numbers are compared as they would be written in a form. */
export function expectEcho(answer: ExactObject, expected: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(expected)) {
    const member = answer.get(name);
    const given = typeof member?.value === 'string' ? member.value : member?.text;
    if (given !== value) throw new ProviderFailure(`the answer is about another ${name}`, 'unreadable');
  }
}

/** A web address that a guest's browser may be sent to. */
export function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

/** An address that opens an app; nothing that a browser would run. */
export function appAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^(?!javascript:|data:|vbscript:)[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text)
    ? text
    : undefined;
}
