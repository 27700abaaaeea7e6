import { execFileSync } from 'node:child_process';
import path from 'node:path';

// The service as it is built: what V8 keeps alive shows in a process of its own, that collects when it is told to.
const DIST = path.join(__dirname, '../../dist');

/** Runs a script with a collector at hand.
 *  @returns the number that it prints */
function measured(script: string): number {
  const args = ['--expose-gc', '--eval', `const DIST = ${JSON.stringify(DIST)};${script}`];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

const HEAP = 'const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };';

it('a jar keeps its cookies alive, not the lines that they came in', () => {
  const grown = measured(`${HEAP}
    const { CookieJar } = require(DIST + '/exchange/cookie-jar.js');
    const jar = new CookieJar();
    const before = heap();
    for (let i = 0; i < 60; i++) {
      const line = Buffer.from('sid' + i + '=0123456789abcdef; x=' + 'j'.repeat(1_000_000), 'latin1').toString('latin1');
      jar.receive(new URL('http://a.example/'), [line], 0);
    }
    const after = heap();
    console.log(jar.stored.length === 60 ? after - before : Infinity);
  `);
  expect(grown).toBeLessThan(5_000_000);
});

it('coded content that comes octet by octet and decodes to nothing costs little more than its octets', () => {
  const grown = measured(`
    const { ContentCollector } = require(DIST + '/exchange/content-collector.js');
    const { OctetBudget } = require(DIST + '/exchange/octet-budget.js');
    const { gzipSync } = require('node:zlib');
    const memory = new OctetBudget(Infinity).open();
    const options = { maxBodyBytes: 4_000_000, keepContent: true, decodeContent: true, overflowed() {}, drained() {}, memory, listener: null };
    const content = new ContentCollector(options, () => undefined);
    content.begin([{ name: 'Content-Encoding', value: 'gzip' }]);
    const head = gzipSync('').subarray(0, 10);
    head[3] = 0x08;
    const octets = Buffer.concat([head, Buffer.alloc(1_000_000, 'n')]);
    gc();
    const before = process.memoryUsage();
    (async () => {
      for (let at = 0; at < octets.length; at++) {
        content.take(octets.subarray(at, at + 1));
        if (at % 1_000 === 0) await new Promise(setImmediate);
      }
      gc();
      const after = process.memoryUsage();
      console.log(after.heapUsed + after.external - before.heapUsed - before.external);
      content.cut();
    })();
  `);
  expect(grown).toBeLessThan(20_000_000);
});
