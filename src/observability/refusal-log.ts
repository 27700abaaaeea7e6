import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { Owner } from '../access/caller';
import type { ProblemCode } from '../problems/problem-table';
import type { TraceContext } from '../semantics/trace-context';
import { fingerprintOf, traceFieldsOf } from './log-fields';

/** A call that was answered with a problem, and no fetch. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly status: number;
  readonly method: string;
  /** its pattern; never what the caller wrote */
  readonly route: string;
  /** null: the caller is not known */
  readonly owner: Owner | null;
  readonly trace: TraceContext | null;
  /** null: the caller has left */
  readonly callerAddress: string | null;
}

/** One line for each call that was refused. Never holds what the caller wrote. */
@Injectable()
export class RefusalLog {
  constructor(@InjectPinoLogger('call') private readonly logger: PinoLogger) {}

  write({ owner, trace, ...refusal }: Refusal): void {
    this.logger.info(
      { ...refusal, owner: owner === null ? null : fingerprintOf(owner), ...traceFieldsOf(trace) },
      'refused',
    );
  }
}
