/** Reads QR codes out of pictures, as a phone's camera does. */
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha. */
  readonly data: Uint8ClampedArray;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the one code in a picture says; undefined where no code can be read. */
export function readCode({ data, width, height }: Pixels): string | undefined {
  return jsQR.default(data, width, height)?.data;
}

export function pixelsOfPng(png: Buffer): Pixels {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** A part of a picture. */
export function cut(pixels: Pixels, box: Box): Pixels {
  const [left, top] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
  const width = Math.min(pixels.width - left, Math.ceil(box.width));
  const height = Math.min(pixels.height - top, Math.ceil(box.height));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const from = ((top + row) * pixels.width + left) * 4;
    data.set(pixels.data.subarray(from, from + width * 4), row * width * 4);
  }
  return { width, height, data };
}

/** Draws the lines of a code's vector picture: white ground, and runs of black modules, each line one module high. */
export function pixelsOfSvg(svg: string, scale = 6): Pixels {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const path = /<path stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? '';
  if (!side || !path) throw new Error('this is no picture of a code');
  const width = side * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  let [x, y] = [0, 0];
  for (const [, move, first, second] of path.matchAll(/([Mmh])(-?[\d.]+)(?:[ ,](-?[\d.]+))?/g)) {
    if (move === 'M') [x, y] = [Number(first), Number(second)];
    else if (move === 'm') [x, y] = [x + Number(first), y + Number(second)];
    else {
      blacken(data, { x: x * scale, y: (y - 0.5) * scale, width: Number(first) * scale, height: scale }, width);
      x += Number(first);
    }
  }
  return { width, height: width, data };
}

function blacken(data: Uint8ClampedArray, { x, y, width, height }: Box, stride: number): void {
  for (let row = y; row < y + height; row += 1) {
    for (let column = x; column < x + width; column += 1) {
      data.fill(0, (row * stride + column) * 4, (row * stride + column) * 4 + 3);
    }
  }
}
