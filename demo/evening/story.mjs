import { createStory as createPlainStory, pad } from '../dinner/story.mjs';
import { timeOf } from './clock.mjs';

/**
 * Tells the evening minute by minute; what happens at one minute is told table by table.
 * @param {NodeJS.WriteStream} out
 * @param {{ isVerbose: boolean }} options
 */
export function createStory(out, { isVerbose }) {
  const plain = createPlainStory(out);
  /** @type {{ table: string, line: string }[]} */
  let minute = [];
  /** @param {number} at @param {{ table?: string, who: string }} where @param {string} what */
  const tell = (at, { table = '', who }, what) => {
    minute.push({ table, line: `  ${timeOf(at)}  ${table.padEnd(2)}  ${pad(who, 9)} ${what}` });
  };
  return {
    ...plain,
    tell,
    /** What only --verbose tells. @type {typeof tell} */
    detail: (at, where, what) => {
      if (isVerbose) tell(at, where, what);
    },
    flush() {
      // Staff have no table, and come last.
      minute.sort((one, other) => (one.table || 'Z').localeCompare(other.table || 'Z'));
      for (const { line } of minute) plain.print(line);
      minute = [];
    },
  };
}
