import { FAULT_WORDS, type Fault } from '../fault';
import { say } from '../language';

/** Why the service could not be talked to, and what to do. */
export function FaultView({ fault: { code, detail } }: { fault: Fault }) {
  const { means, advice } = FAULT_WORDS[code];
  return (
    <div class="notice bad" role="alert" data-testid="fault" data-code={code}>
      <p>
        <strong>{say(means)}</strong> {say(advice)}
      </p>
      {detail !== null && (
        <small class="wire" lang="en">
          {detail}
        </small>
      )}
    </div>
  );
}
