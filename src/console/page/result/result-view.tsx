import { Boundary } from '../boundary';
import { type Said, say } from '../language';
import { barsOf } from '../phases';
import { figuresOf } from '../reads';
import { type Run, run } from '../run';
import { hopIndex } from './chosen-hop';
import { Details } from './details';
import { EmptyState } from './empty-state';
import { FaultView } from './fault-view';
import { ProblemView } from './problem-view';
import { ReadsView } from './reads-view';
import { Summary } from './summary';
import { Waterfall } from './waterfall';

const TEXTS = {
  title: { en: 'Result', ko: '결과' },
} as const satisfies Record<string, Said>;

export function ResultView() {
  const shown = run.value;
  return (
    <section id="result" class="result" tabIndex={-1} aria-labelledby="result-title">
      <h2 id="result-title" class="unseen">
        {say(TEXTS.title)}
      </h2>
      {shown === null ? (
        <EmptyState />
      ) : (
        <div data-testid="result" data-course={shown.state.course}>
          <Summary run={shown} hasBegun={hasBegun(shown)} />
          {shown.fault !== null && <FaultView fault={shown.fault} />}
          {shown.state.problem !== null && <ProblemView problem={shown.state.problem} run={shown} />}
          {hasBars(shown) && <Waterfall state={shown.state} />}
          {hasReads(shown) && <ReadsView hop={shown.state.hops[hopIndex.value]!} />}
          <Boundary of={shown.request}>
            <Details run={shown} />
          </Boundary>
        </div>
      )}
    </section>
  );
}

/** What is over and came to nothing is not drawn. */
function hasBars(shown: Run): boolean {
  const { course, hops } = shown.state;
  return course === 'running' || (hasBegun(shown) && hops.some((hop) => barsOf(hop).length > 0));
}

function hasReads({ state: { course, hops } }: Run): boolean {
  return course === 'running' || hops.some((hop) => figuresOf(hop).count > 0);
}

/** What was refused at sight, or reached no service, has done nothing that could be drawn. */
function hasBegun({ state: { problem, hops }, fault }: Run): boolean {
  if (fault !== null && fault.code !== 'broken-off') return false;
  if (problem === null || hops.length > 1) return true;
  return problem.timings !== null || hops[0]!.marks.connected !== null;
}
