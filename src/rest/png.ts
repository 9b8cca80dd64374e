import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

/** A square picture of dots, each black or white. */
export interface Dots {
  /** Dots in a row, and rows. */
  readonly side: number;
  readonly isBlack: (row: number, column: number) => boolean;
}

const compress = promisify(deflate);
const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * A PNG of so many pixels in width and height, one bit each. Every dot is a whole number of pixels, so that its edges are
 * sharp; what is over goes to the white border. A row of dots is drawn once and repeated: the library's own writer, with four
 * bytes for each pixel, holds the whole server up for a hundred times as long.
 */
export async function dotsToPng({ side, isBlack }: Dots, pixels: number, border: number): Promise<Buffer> {
  const scale = Math.max(1, Math.floor(pixels / (side + 2 * border)));
  const offset = Math.floor((pixels - side * scale) / 2);
  const dotAt = (pixel: number) => Math.floor((pixel - offset) / scale);
  const white = blankLine(pixels);
  const drawn = Array.from({ length: side }, (_, row) => {
    const line = Buffer.from(white);
    for (let x = offset; x < offset + side * scale; x += 1) if (isBlack(row, dotAt(x))) blacken(line, x);
    return line;
  });
  const lines = Array.from({ length: pixels }, (_, y) => drawn[dotAt(y)] ?? white);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  // One bit of grey; no interlacing.
  header.writeUInt8(1, 8);
  const content = await compress(Buffer.concat(lines));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', content), chunk('IEND', Buffer.alloc(0))]);
}

/** A byte that says "no filter", and then one bit for each pixel: 1 is white. */
function blankLine(pixels: number): Buffer {
  const line = Buffer.alloc(1 + Math.ceil(pixels / 8), 0xff);
  line[0] = 0;
  return line;
}

function blacken(line: Buffer, x: number): void {
  const at = 1 + (x >> 3);
  line[at] = (line[at] ?? 0) & ~(0x80 >> (x & 7));
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
