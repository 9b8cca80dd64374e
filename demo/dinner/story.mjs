/**
 * Tells what happens, line by line. Colours only where a person looks.
 * @typedef {ReturnType<typeof createStory>} Story
 * @param {NodeJS.WriteStream} out
 */
export function createStory(out) {
  const paint = (/** @type {number} */ code) => (/** @type {string} */ text) =>
    out.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
  const [bold, dim, red, green, cyan] = [paint(1), paint(2), paint(31), paint(32), paint(36)];
  const print = (/** @type {string} */ line) => void out.write(`${line}\n`);
  return {
    print,
    bold,
    /** A new act. @param {string} title */
    act: (title) => print(`\n${bold(title)}`),
    /** Somebody did something, which is in the log at a seq, or nowhere. @param {string} who @param {string} what @param {number} [seq] */
    tell(who, what, seq) {
      const place = seq === undefined ? '' : `seq ${seq}`;
      print(`  ${dim(place.padStart(6))}  ${cyan(pad(who, 10))} ${what}`);
    },
    good: (/** @type {string} */ text) => print(`  ${green('ok')}    ${text}`),
    bad: (/** @type {string} */ text) => print(`  ${red('WRONG')} ${text}`),
  };
}

/** Pads by what the eye sees: a letter with its marks is one. @param {string} text @param {number} width */
export function pad(text, width) {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** @param {string} text */
export function widthOf(text) {
  return [...new Intl.Segmenter('vi').segment(text)].length;
}
