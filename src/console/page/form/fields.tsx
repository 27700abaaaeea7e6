import type { ComponentChildren } from 'preact';
import { mistakes } from '../form';
import { type Said, say } from '../language';

/** Fields of the form. Each knows its path in the request, and shows what the service finds wrong there. */

interface Common {
  /** as the service names it: timeouts.idleMs */
  readonly path: string;
  readonly label: Said;
  readonly hint?: Said;
}

/** @returns what is wrong at a path, or below it */
export function mistakesAt(path: string): string[] {
  return mistakes.value
    .filter((mistake) => mistake.path === path || mistake.path.startsWith(`${path}.`))
    .map((mistake) => (mistake.path === path ? mistake.message : `${mistake.path}: ${mistake.message}`));
}

export function Mistakes({ path, texts }: { path: string; texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <span id={`mistake-${path}`} class="mistake" data-testid="mistake" data-path={path}>
      {texts.join('; ')}
    </span>
  );
}

function Labelled({ path, label, hint, children }: Common & { children: ComponentChildren }) {
  return (
    <label class="labelled">
      <span>{say(label)}</span>
      {children}
      {hint !== undefined && <small>{say(hint)}</small>}
      <Mistakes path={path} texts={mistakesAt(path)} />
    </label>
  );
}

function marks(path: string) {
  const wrong = mistakesAt(path).length > 0;
  return {
    'data-testid': `field-${path}`,
    'aria-invalid': wrong,
    'aria-describedby': wrong ? `mistake-${path}` : undefined,
  };
}

interface Text extends Common {
  readonly value: string;
  readonly placeholder?: string;
  readonly numeric?: boolean;
  readonly edit: (value: string) => void;
}

export function TextField({ value, placeholder, numeric = false, edit, ...common }: Text) {
  return (
    <Labelled {...common}>
      <input
        {...marks(common.path)}
        type="text"
        class="wire"
        inputMode={numeric ? 'numeric' : 'text'}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={value}
        placeholder={placeholder}
        onInput={(event) => edit(event.currentTarget.value)}
      />
    </Labelled>
  );
}

interface Choice extends Common {
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: Said])[];
  readonly edit: (value: string) => void;
}

export function ChoiceField({ value, choices, edit, ...common }: Choice) {
  return (
    <Labelled {...common}>
      <select {...marks(common.path)} value={value} onChange={(event) => edit(event.currentTarget.value)}>
        {choices.map(([word, label]) => (
          <option key={word} value={word}>
            {say(label)}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface Flag extends Common {
  readonly value: boolean;
  readonly edit: (value: boolean) => void;
}

export function FlagField({ path, label, hint, value, edit }: Flag) {
  return (
    <label class="flag">
      <input
        {...marks(path)}
        type="checkbox"
        checked={value}
        onChange={(event) => edit(event.currentTarget.checked)}
      />
      <span>
        {say(label)}
        {hint !== undefined && <small>{say(hint)}</small>}
      </span>
      <Mistakes path={path} texts={mistakesAt(path)} />
    </label>
  );
}
