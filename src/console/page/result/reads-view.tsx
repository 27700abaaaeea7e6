import type { HopState } from '../fetch-state';
import { count, duration, octets, power, rate } from '../format';
import { type Said, say, sayWith } from '../language';
import { bucketsOf, endOf, figuresOf, silenceAtEnd } from '../reads';
import { nowMs } from '../run';
import { ReadsPlot } from './reads-plot';

const TEXTS = {
  title: { en: 'Reads', ko: '읽기' },
  what: {
    en: 'Each is what one recv() returned, which is not the chunked transfer coding.',
    ko: '막대 하나가 recv() 한 번이 돌려준 것입니다. 청크 전송 코딩과는 다릅니다.',
  },
  whatTls: {
    en: 'Each is what one read of decrypted octets returned.',
    ko: '막대 하나가 복호화된 옥텟을 한 번 읽은 것입니다.',
  },
  sizes: { en: 'Sizes, by powers of two', ko: '크기 분포 (2의 거듭제곱)' },
  upTo: { en: 'Up to, octets', ko: '옥텟 이하' },
  reads: { en: 'Reads', ko: '읽기' },
  figures: { en: 'Figures', ko: '수치' },
  count: { en: 'Count', ko: '횟수' },
  min: { en: 'Smallest', ko: '최소' },
  max: { en: 'Largest', ko: '최대' },
  mean: { en: 'Mean', ko: '평균' },
  median: { en: 'Median', ko: '중앙값' },
  p95: { en: '95th percentile', ko: '95백분위수' },
  stdev: { en: 'Deviation', ko: '표준편차' },
  maxGap: { en: 'Longest gap', ko: '가장 긴 간격' },
  silence: { en: 'Final silence', ko: '끝의 침묵' },
  rate: { en: 'Rate', ko: '속도' },
  none: { en: 'no reads', ko: '읽기 없음' },
  estimated: {
    en: 'Median and 95th percentile are estimates: there were more than 10,000 reads.',
    ko: '읽기가 10,000번을 넘어 중앙값과 95백분위수는 추정치입니다.',
  },
  ranks: {
    en: 'Median and 95th percentile are by nearest rank: each is the size of a read that came.',
    ko: '중앙값과 95백분위수는 최근접 순위 방식입니다. 실제로 온 읽기의 크기입니다.',
  },
  list: { en: 'The reads one by one', ko: '읽기 하나씩 보기' },
  at: { en: 'At', ko: '시각' },
  more: { en: 'and {n} more', ko: '외 {n}번' },
} as const satisfies Record<string, Said>;

const MOST_LISTED = 200;

/** Every read of an exchange: drawn, counted by size, and in figures. */
export function ReadsView({ hop }: { hop: HopState }) {
  return (
    <section class="panel" aria-labelledby="reads-title">
      <div class="section-head">
        <h3 id="reads-title">{say(TEXTS.title)}</h3>
        <small>{say(hop.chunks?.layer === 'tls' ? TEXTS.whatTls : TEXTS.what)}</small>
      </div>
      <div class="reads">
        <ReadsPlot hop={hop} />
        <Histogram hop={hop} />
      </div>
      <FigureList hop={hop} />
      <ReadList hop={hop} />
    </section>
  );
}

function Histogram({ hop }: { hop: HopState }) {
  const buckets = bucketsOf(hop);
  const most = Math.max(1, ...buckets.map((bucket) => bucket.count));
  return (
    <div class="histogram">
      <table data-testid="histogram">
        <caption>{say(TEXTS.sizes)}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">{say(TEXTS.upTo)}</th>
            <th scope="col">{say(TEXTS.reads)}</th>
          </tr>
        </thead>
        <tbody>
          {buckets.map(({ le, count: reads }) => (
            <tr key={le} data-le={le} data-count={reads}>
              <th scope="row">≤ {power(le)}</th>
              <td>
                <svg aria-hidden="true">
                  <rect width={`${(reads / most) * 100}%`} height="100%" />
                </svg>
                <span>{count(reads)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {buckets.length === 0 && <p class="soft">{say(TEXTS.none)}</p>}
    </div>
  );
}

function FigureList({ hop }: { hop: HopState }) {
  const { min, max, mean, median, p95, stdev, maxGapMs, bytesPerSecond, ...sums } = figuresOf(hop);
  const silence = silenceAtEnd(hop, endOf(hop, hop.marks.ended === null ? nowMs.value : 0));
  const rows: readonly (readonly [id: string, label: Said, value: string])[] = [
    ['count', TEXTS.count, count(sums.count)],
    ['min', TEXTS.min, octets(min)],
    ['max', TEXTS.max, octets(max)],
    ['mean', TEXTS.mean, octets(mean)],
    ['median', TEXTS.median, octets(median)],
    ['p95', TEXTS.p95, octets(p95)],
    ['stdev', TEXTS.stdev, octets(stdev)],
    ['maxGapMs', TEXTS.maxGap, duration(maxGapMs)],
    ['silenceMs', TEXTS.silence, duration(silence === null ? null : silence.toMs - silence.fromMs)],
    ['bytesPerSecond', TEXTS.rate, rate(bytesPerSecond)],
  ];
  return (
    <>
      <dl class="facts" aria-label={say(TEXTS.figures)} data-testid="figures">
        {rows.map(([id, label, value]) => (
          <div key={id}>
            <dt>{say(label)}</dt>
            <dd data-figure={id}>{value}</dd>
          </div>
        ))}
      </dl>
      <small>{say(hop.chunks?.estimated === true ? TEXTS.estimated : TEXTS.ranks)}</small>
    </>
  );
}

function ReadList({ hop }: { hop: HopState }) {
  const { reads, beganAtMs, marks } = hop;
  // While they come, nobody could read them one by one.
  if (marks.ended === null || reads.length === 0) return null;
  const omitted = figuresOf(hop).count - Math.min(reads.length, MOST_LISTED);
  return (
    <details class="read-list">
      <summary>{say(TEXTS.list)}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{say(TEXTS.at)}</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {reads.slice(0, MOST_LISTED).map(({ atMs, bytes }, index) => (
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              <td>{duration(atMs - beganAtMs)}</td>
              <td>{count(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {omitted > 0 && <p>{sayWith(TEXTS.more, { n: count(omitted) })}</p>}
    </details>
  );
}
