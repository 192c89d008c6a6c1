// What a problem says, wherever it stands.
import type { ReactNode } from 'react';
import type { Problem } from '../api/client';
import { Mono } from './text';

/** What a problem says; also of one that stands within another document. */
export function ProblemText({ problem }: { problem: Pick<Problem, 'detail' | 'code'> & Partial<Problem> }): ReactNode {
  return (
    <>
      <p>{problem.detail}</p>
      {(problem.violations ?? []).length > 0 && (
        <ul className="violations">
          {problem.violations?.map((one) => (
            <li key={one.pointer + one.detail}>
              {one.pointer !== '' && <Mono>{one.pointer}</Mono>} {one.detail}
            </li>
          ))}
        </ul>
      )}
      {problem.fix && (
        <p className="fix">
          <strong>To do:</strong> {problem.fix}
        </p>
      )}
      <p className="dim">
        <Mono>{problem.code}</Mono>
        {problem.correlationId && (
          <>
            {' '}
            · request <Mono>{problem.correlationId}</Mono>
          </>
        )}
      </p>
    </>
  );
}
