import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import * as library from 'ws';
import { textFrame } from '../../../../src/http/live/text-frame.js';

/** The library's own reader, which its types do not tell of. */
const { Receiver } = library as unknown as { readonly Receiver: new (options: object) => Writable };

/** What a client of the library makes of these bytes. */
function read(bytes: Buffer): Promise<readonly string[]> {
  const texts: string[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer, isBinary: boolean) => texts.push(isBinary ? 'binary' : data.toString('utf8')));
  return new Promise((resolve, reject) => {
    receiver.on('error', reject);
    receiver.write(bytes, () => resolve(texts));
  });
}

test.each([0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 70_000])(
  'a message of %i bytes is one frame that a client reads as it was',
  async (size) => {
    const start = '{"id":"1"'.slice(0, size);
    const rest = Buffer.from('x'.repeat(size - start.length));
    const frame = textFrame(start, rest);
    expect(await read(frame)).toEqual([start + rest.toString()]);
    // Nothing is behind it: the next frame begins where it ends.
    expect(await read(Buffer.concat([frame, textFrame('next', Buffer.from('!'))]))).toHaveLength(2);
  },
);

test('a name that a client chose freely comes back as it was', async () => {
  const frame = textFrame('{"id":"Phở 🍜"', Buffer.from(',"payload":"Chả cá"}'));
  expect(await read(frame)).toEqual(['{"id":"Phở 🍜","payload":"Chả cá"}']);
});
