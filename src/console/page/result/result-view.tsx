import type { FetchState } from '../fetch-state';
import { type Said, say } from '../language';
import { barsOf } from '../phases';
import { figuresOf } from '../reads';
import { run } from '../run';
import { hopIndex } from './chosen-hop';
import { Details } from './details';
import { EmptyState } from './empty-state';
import { ProblemView } from './problem-view';
import { ReadsView } from './reads-view';
import { Summary } from './summary';
import { Waterfall } from './waterfall';

const TEXTS = {
  title: { en: 'Result', ko: '결과' },
  fault: { en: 'The service could not be talked to', ko: '서비스와 통신할 수 없음' },
  cut: {
    en: 'The answer ended before the fetch did. Is the service still running?',
    ko: '가져오기가 끝나기 전에 응답이 끊겼습니다. 서비스가 실행 중인가요?',
  },
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
          <Summary run={shown} hasBegun={hasBegun(shown.state)} />
          {shown.fault !== null && (
            <p class="notice bad" role="alert" data-testid="fault">
              <strong>{say(TEXTS.fault)}.</strong> {shown.fault === '' ? say(TEXTS.cut) : shown.fault}
            </p>
          )}
          {shown.state.problem !== null && <ProblemView problem={shown.state.problem} run={shown} />}
          {hasBars(shown.state) && <Waterfall state={shown.state} />}
          {hasReads(shown.state) && <ReadsView hop={shown.state.hops[hopIndex.value]!} />}
          <Details run={shown} />
        </div>
      )}
    </section>
  );
}

/** What is over and came to nothing is not drawn. */
function hasBars(state: FetchState): boolean {
  return state.course === 'running' || (hasBegun(state) && state.hops.some((hop) => barsOf(hop).length > 0));
}

function hasReads({ course, hops }: FetchState): boolean {
  return course === 'running' || hops.some((hop) => figuresOf(hop).count > 0);
}

/** What was refused at sight has done nothing that could be drawn. */
function hasBegun({ problem, hops }: FetchState): boolean {
  if (problem === null || hops.length > 1) return true;
  return problem.timings !== null || hops[0]!.marks.connected !== null;
}
