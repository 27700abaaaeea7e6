import { Problem } from '../problems/problem';
import type { FieldErrorDto } from '../problems/problem.dto';

/** so many are told, and the others counted */
const MAX_ERRORS = 100;
/** of a place that an error names */
const MAX_PATH_CHARACTERS = 200;

/** What is wrong with what a caller sent. */
export class Mistakes {
  private readonly told: FieldErrorDto[] = [];
  private count = 0;
  private unsupportedScheme: string | null = null;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** @param within where the places that the errors name are, "requests.17"; '' for the whole */
  add(errors: readonly FieldErrorDto[], within = '', unsupportedScheme: string | null = null): void {
    this.count += errors.length;
    this.unsupportedScheme ??= unsupportedScheme;
    for (const { path, message } of errors.slice(0, MAX_ERRORS - this.told.length))
      this.told.push({ path: shortened(placeIn(within, path)), message });
  }

  /** @returns invalid-request, or unsupported-scheme where nothing else is wrong */
  problem(): Problem {
    if (this.unsupportedScheme !== null && this.count === 1)
      return new Problem(
        'unsupported-scheme',
        `${this.unsupportedScheme} is not spoken here; nothing was sent.`,
        { phase: 'validate', errors: this.told },
      );
    const count = this.count === 1 ? 'one mistake' : `${this.count} mistakes`;
    return new Problem('invalid-request', `The request has ${count}; nothing was sent.`, {
      phase: 'validate',
      errors: this.told,
      errorsOmitted: this.count - this.told.length,
    });
  }
}

function placeIn(within: string, path: string): string {
  return within === '' || path === '' ? within + path : `${within}.${path}`;
}

/** Names of fields are the caller's, and as long as it likes. */
function shortened(path: string): string {
  return path.length <= MAX_PATH_CHARACTERS ? path : `${path.slice(0, MAX_PATH_CHARACTERS)}…`;
}
