import { describe, expect, test } from 'vitest';
import { prefersCsv, toCsv } from '../../../src/rest/csv.js';

describe('a table as CSV', () => {
  test('has a header row, and every line ends in CRLF', () => {
    expect(toCsv(['a', 'b'], [[1, 'x']])).toBe('a,b\r\n1,x\r\n');
    expect(toCsv(['a', 'b'], [])).toBe('a,b\r\n');
  });

  test('quotes what would break a line or a cell, and doubles quotes', () => {
    expect(toCsv(['a'], [['x,y'], ['say "hi"'], ['two\r\nlines'], ['a\nb']])).toBe(
      'a\r\n"x,y"\r\n"say ""hi"""\r\n"two\r\nlines"\r\n"a\nb"\r\n',
    );
  });

  test.each(['=1+1', '+84', '-2', '@SUM(A1)', '\tx'])('guards text that a spreadsheet would run: %j', (text) => {
    expect(toCsv(['a'], [[text]])).toBe(`a\r\n'${text}\r\n`);
  });

  test('guards before it quotes', () => {
    expect(toCsv(['a'], [['=HYPERLINK("x","y")'], ['\r=1']])).toBe(`a\r\n"'=HYPERLINK(""x"",""y"")"\r\n"'\r=1"\r\n`);
  });

  test('writes numbers plainly, negative ones too, and null as nothing', () => {
    expect(toCsv(['a', 'b', 'c'], [[1_000_000_000_000_000, -5_000, null]])).toBe(
      'a,b,c\r\n1000000000000000,-5000,\r\n',
    );
  });

  test('has no byte order mark, and keeps the letters of every language', () => {
    expect(toCsv(['a'], [['Phở tái']])).toBe('a\r\nPhở tái\r\n');
  });
});

describe('what is asked for', () => {
  test.each([
    ['text/csv', true],
    ['text/csv, */*;q=0.1', true],
    ['text/csv;q=0.9, application/json;q=0.8', true],
    ['TEXT/CSV', true],
    ['text/*', true],
    ['*/*', false],
    ['application/json', false],
    ['application/json, text/csv', false],
    ['text/csv;q=0.1, application/json', false],
    ['text/csv;q=0', false],
    ['text/html', false],
    ['', false],
    [undefined, false],
  ])('%s: a table is %s', (accept, wanted) => {
    expect(prefersCsv(accept)).toBe(wanted);
  });
});
