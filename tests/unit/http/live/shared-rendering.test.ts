import { buildSchema, type DocumentNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../../src/domain/scope.js';
import type { RequestContext } from '../../../../src/http/context.js';
import { createRenderings, type LiveOperation } from '../../../../src/http/live/shared-rendering.js';

let resolved = 0;
const schema = buildSchema(
  'type Query { a: Int } type Subscription { seq(session: Int, after: Int): Int, twice: Int }',
);
const fields = schema.getSubscriptionType()?.getFields();
if (fields?.seq) fields.seq.resolve = (item: { seq: number }) => ((resolved += 1), item.seq);
if (fields?.twice) fields.twice.resolve = async (item: { seq: number }) => ((resolved += 1), item.seq * 2);

const plain = parse('subscription ($session: Int, $after: Int) { seq(session: $session, after: $after) }');
const starts = new Set(['after']);

/** A device's operation, or as said; only what renderings look at is there. */
function operation(wanted: {
  document?: DocumentNode;
  variables?: Record<string, unknown>;
  scope?: object;
  name?: string;
}): LiveOperation {
  const scope = (wanted.scope ?? { kind: 'device', tenantId: 't', sessionId: 's', deviceId: 'd' }) as Scope;
  return {
    document: wanted.document ?? plain,
    operationName: wanted.name,
    variables: wanted.variables ?? { session: 1, after: 0 },
    context: { scope } as RequestContext,
  };
}

function newRenderings() {
  return createRenderings(schema, (result) => Buffer.from(JSON.stringify(result)));
}

describe('subscribers of one kind', () => {
  it('share one execution and the very same bytes, wherever they began', () => {
    const renderings = newRenderings();
    const shares = [0, 5, 7].map((after) => renderings.share(operation({ variables: { session: 1, after } }), starts));
    const item = { seq: 9 };
    resolved = 0;
    const bytes = shares.map(({ render }) => render(item));
    expect(resolved).toBe(1);
    expect(bytes[0]).toEqual(Buffer.from('{"data":{"seq":9}}'));
    expect(bytes.every((one) => one === bytes[0])).toBe(true);
    expect(renderings.size).toBe(1);
  });

  it('share a result that takes a while, too', async () => {
    const renderings = newRenderings();
    const document = parse('subscription { twice }');
    const shares = [1, 2].map(() => renderings.share(operation({ document }), starts));
    const item = { seq: 4 };
    resolved = 0;
    const bytes = await Promise.all(shares.map(async ({ render }) => render(item)));
    expect(resolved).toBe(1);
    expect(bytes[0]).toBe(bytes[1]);
    expect(bytes[0]).toEqual(Buffer.from('{"data":{"twice":8}}'));
  });

  it('are phones of one session, whichever of them it is, and not phones of another', () => {
    const renderings = newRenderings();
    const phone = (sessionId: string, deviceId: string) => ({ kind: 'device', tenantId: 't', sessionId, deviceId });
    for (const scope of [phone('s', 'd'), phone('s', 'e')]) renderings.share(operation({ scope }), starts);
    expect(renderings.size).toBe(1);
    renderings.share(operation({ scope: phone('another', 'd') }), starts);
    expect(renderings.size).toBe(2);
  });

  it('are keys of the same tenant, role and location, and no others', () => {
    const renderings = newRenderings();
    const key = { kind: 'key', tenantId: 't', locationId: null, role: 'staff' };
    for (const more of [{}, { role: 'cashier' }, { tenantId: 'u' }, { locationId: 'l' }, { keyId: 'another' }])
      renderings.share(operation({ scope: { ...key, ...more } }), starts);
    expect(renderings.size).toBe(4);
  });

  it('ask with the same document, operation and other variables', () => {
    const renderings = newRenderings();
    renderings.share(operation({}), starts);
    renderings.share(operation({ document: parse('subscription { seq }') }), starts);
    renderings.share(operation({ variables: { session: 2, after: 0 } }), starts);
    renderings.share(operation({ name: 'named' }), starts);
    expect(renderings.size).toBe(4);
  });

  it('tell variables apart by value and not by the order in which they were sent', () => {
    const renderings = newRenderings();
    renderings.share(operation({ variables: { session: 1, other: 2 } }), starts);
    renderings.share(operation({ variables: { other: 2, session: 1 } }), starts);
    expect(renderings.size).toBe(1);
  });
});

describe('a rendering', () => {
  it('is gone when the last one has let go of it, and not before', () => {
    const renderings = newRenderings();
    const [a, b] = [renderings.share(operation({}), starts), renderings.share(operation({}), starts)];
    a.release();
    a.release();
    expect(renderings.size).toBe(1);
    b.release();
    expect(renderings.size).toBe(0);
  });

  it('is made again for those who come after that', () => {
    const renderings = newRenderings();
    renderings.share(operation({}), starts).release();
    resolved = 0;
    const { render } = renderings.share(operation({}), starts);
    expect(render({ seq: 1 })).toEqual(Buffer.from('{"data":{"seq":1}}'));
    expect(resolved).toBe(1);
  });
});
