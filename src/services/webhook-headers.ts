type Headers = Readonly<Record<string, string>>;

/** Say what came and from where; they prove nothing and open nothing. */
const plain =
  /^(accept|accept-.+|connection|content-.+|date|forwarded|host|transfer-encoding|user-agent|via|x-forwarded-.+|x-real-ip|x-request-id)$/;

/** What a notice is verified with. All but `authorization` stand for this one notice only, and open nothing else. */
const proofs: ReadonlySet<string> = new Set(['authorization', 'x-sepay-timestamp', 'x-sepay-signature']);

/** Of a notice's headers what is plain and what verifies it; no cookie, and nothing that nobody knows. */
export function keptHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => plain.test(name) || proofs.has(name)));
}

/** A call's headers for a person to read: of those that may be secrets only that they were there, and how long. */
export function shownHeaders(headers: Headers): readonly string[] {
  return Object.entries(headers).map(([name, value]) =>
    plain.test(name) ? `${name}: ${value}` : `${name}: (${value.length} characters)`,
  );
}
