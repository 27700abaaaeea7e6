import type { FetchState } from '../fetch-state';
import { type Said, say } from '../language';
import { type Tab, Tabs } from '../tabs';
import { JsonPane } from './json-pane';

const TEXTS = {
  label: { en: 'What came', ko: '받은 것' },
  json: { en: 'JSON', ko: 'JSON' },
} as const satisfies Record<string, Said>;

/** What came, in tabs; when the fetch is over. */
export function Details({ state: { result, problem } }: { state: FetchState }) {
  const whole = result ?? problem;
  if (whole === null) return null;
  const tabs: Tab[] = [{ id: 'json', label: say(TEXTS.json), content: () => <JsonPane value={whole} /> }];
  return <Tabs label={say(TEXTS.label)} tabs={tabs} />;
}
