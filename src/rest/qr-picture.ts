import QRCode from 'qrcode';
import { invalid } from '../domain/rejection.js';
import { unprintable } from '../services/get-table.js';
import { dotsToPng } from './png.js';
import type { Answer, RenderOption, RestRender } from './route.js';

/** Printed codes get scratched and stained: a quarter of them may go missing. */
const resilience = { errorCorrectionLevel: 'Q' } as const;

/** Readers need so many dots of white around a code. */
const quietZone = 4;

const sizes = { min: 128, max: 2_048, usual: 512 } as const;

/** A QR code as a vector picture with the margin that readers need. */
export function qrSvg(text: string): Promise<string> {
  return QRCode.toString(text, { ...resilience, type: 'svg' });
}

export const svgPicture: RestRender = {
  contentType: 'image/svg+xml',
  toContent: async (answer) => qrSvg(textOf(answer)),
};

export const pngPicture: RestRender = {
  contentType: 'image/png',
  options: [wholeOption({ name: 'size', description: 'Width and height in pixels', ...sizes })],
  async toContent(answer, { size }) {
    const { modules } = QRCode.create(textOf(answer), resilience);
    const isBlack = (row: number, column: number) => modules.get(row, column) !== 0;
    return dotsToPng({ side: modules.size, isBlack }, Number(size), quietZone);
  },
};

/** A whole number in the query. */
export function wholeOption(option: {
  readonly name: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
  readonly usual: number;
}): RenderOption {
  const { name, description, min, max, usual } = option;
  return {
    name,
    description: `${description}, ${min} to ${max}.`,
    schema: { type: 'integer', minimum: min, maximum: max, default: usual },
    read(text) {
      if (text === undefined) return usual;
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      throw invalid([{ path: name, message: `must be a whole number from ${min} to ${max}` }]);
    },
  };
}

function textOf({ qr_url: text }: Answer): string {
  if (typeof text !== 'string') throw unprintable();
  return text;
}
