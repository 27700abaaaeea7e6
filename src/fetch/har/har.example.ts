import type { HarDto } from '../dto/har.dto';
import { FETCH_RESULT_EXAMPLE } from '../fetch-result.example';
import { toHarAnswer } from './har.mapper';

/** The example of a result, as HAR. */
export const HAR_EXAMPLE = exampleOf();

function exampleOf(): HarDto {
  const steps = toHarAnswer({ raw: null, body: null }, { result: FETCH_RESULT_EXAMPLE, content: null });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value.json as HarDto;
  }
}
