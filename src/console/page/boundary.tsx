import { Component, type ComponentChildren } from 'preact';
import { type Said, say } from './language';

const TEXTS = {
  failed: {
    en: 'This part of the page could not be drawn: that is a mistake of the page. Fetch again or reload; the request is kept in the address.',
    ko: '페이지 자체의 오류로 이 부분을 그릴 수 없습니다. 다시 가져오거나 새로 고치세요. 요청은 주소에 남아 있습니다.',
  },
} as const satisfies Record<string, Said>;

interface BoundaryProps {
  /** what is drawn; with another it is tried anew */
  readonly of: unknown;
  readonly children: ComponentChildren;
}

interface Failure {
  readonly of: unknown;
  readonly message: string;
}

/** Keeps a part that cannot be drawn from taking the whole page with it. */
export class Boundary extends Component<BoundaryProps, { readonly failure: Failure | null }> {
  override state: { readonly failure: Failure | null } = { failure: null };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failure: { of: this.props.of, message: String(error) } });
  }

  override render({ of, children }: BoundaryProps): ComponentChildren {
    const { failure } = this.state;
    if (failure === null || failure.of !== of) return children;
    return (
      <div class="notice bad" role="alert" data-testid="not-drawn">
        <p>{say(TEXTS.failed)}</p>
        <small class="wire" lang="en">
          {failure.message}
        </small>
      </div>
    );
  }
}
