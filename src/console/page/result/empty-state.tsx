import { type Said, say } from '../language';

const TEXTS = {
  title: { en: 'Nothing has been fetched yet', ko: '아직 가져온 것이 없습니다' },
  first: {
    en: 'Enter a URL above and press Fetch. wirefetch opens a socket, sends the request as it stands, and draws here what comes back, as it comes: each phase, each read, each octet.',
    ko: '위에 URL을 넣고 ‘가져오기’를 누르세요. wirefetch가 소켓을 열어 요청을 그대로 보내고, 돌아오는 것을 오는 대로 여기에 그립니다. 단계 하나, 읽기 하나, 옥텟 하나까지 보여 줍니다.',
  },
  demo: {
    en: 'The examples are pages of the demo, which npm run demo starts beside this service.',
    ko: '예제는 npm run demo로 이 서비스와 함께 켜지는 데모 서버의 페이지입니다.',
  },
  policy: {
    en: 'Private and local addresses are refused unless the operator has opened them.',
    ko: '사설·로컬 주소는 운영자가 열어 두지 않으면 거부됩니다.',
  },
} as const satisfies Record<string, Said>;

export function EmptyState() {
  return (
    <div class="empty" data-testid="empty">
      <h3>{say(TEXTS.title)}</h3>
      <p>{say(TEXTS.first)}</p>
      <ul>
        <li>{say(TEXTS.demo)}</li>
        <li>{say(TEXTS.policy)}</li>
      </ul>
    </div>
  );
}
