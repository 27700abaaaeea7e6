import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

it('the image and both ways to start give Node the same flags', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const flagsOf = (command: string): readonly string[] => command.match(/--[a-z][^\s",]*/g) ?? [];
  const command = /^CMD (\[.*"dist\/main\.js"\])$/m.exec(read('Dockerfile'))![1]!;
  expect(flagsOf(scripts['start']!)).toContain('--expose-gc');
  expect(flagsOf(scripts['start:prod']!)).toEqual(flagsOf(scripts['start']!));
  expect(flagsOf(command)).toEqual(flagsOf(scripts['start']!));
});
