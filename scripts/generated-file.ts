import { readFile, writeFile } from 'node:fs/promises';

/** What a script that makes a committed file was asked to do: write it, or only tell whether it still fits. */
export async function emitFile(path: string, content: string): Promise<void> {
  const wanted = content.endsWith('\n') ? content : `${content}\n`;
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === wanted) {
    console.log(`${path} fits`);
  } else if (process.argv.includes('--check')) {
    console.error(
      `${path} ${present === undefined ? 'is missing' : `differs from the code in ${firstDifference(present, wanted)}`}`,
    );
    process.exitCode = 1;
  } else {
    await writeFile(path, wanted);
    console.log(`wrote ${path}`);
  }
}

function firstDifference(present: string, wanted: string): string {
  const have = present.split('\n');
  const want = wanted.split('\n');
  const line = want.findIndex((text, index) => text !== have[index]);
  const at = line < 0 ? want.length : line;
  return `line ${at + 1}: has ${JSON.stringify(have[at] ?? '')}, should be ${JSON.stringify(want[at] ?? '')}`;
}
