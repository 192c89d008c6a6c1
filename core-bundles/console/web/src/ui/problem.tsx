// Problems as the server tells them: what, why, what to do, and how to find it in the log.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert/index.js';
import type { ReactNode } from 'react';
import { missingRight, problemIn } from '../api/client';
import { held } from '../api/rights.gen';
import { usePrincipal } from '../session';
import { ProblemText } from './problem-text';
import { Mono } from './text';
import { To } from './to';

/** A failure of a request. */
export function Failure({ error }: { error: unknown }): ReactNode {
  const failure = problemIn(error);
  const { problem } = failure;
  const right = missingRight(failure);
  return (
    <Alert isInline variant={problem.code === 'approval-required' ? 'warning' : 'danger'} title={problem.title} component="h2" className="problem">
      <ProblemText problem={problem} />
      {right !== null && problem.code === 'forbidden' && <Missing right={right} />}
      {problem.approvalId !== undefined && (
        <p>
          The request waits as <To to="/approvals" search={{ state: 'pending' }}>{`approval ${problem.approvalId}`}</To>.
        </p>
      )}
    </Alert>
  );
}

function Missing({ right }: { right: keyof typeof held }): ReactNode {
  const principal = usePrincipal();
  const roles = principal.tenant === null ? held[right].platform : held[right].tenant;
  return (
    <p>
      This needs the right <Mono>{right}</Mono>
      {roles.length > 0 ? (
        <>
          , which {principal.tenant === null ? '' : `within ${principal.tenant} `}
          {roles.length === 1 ? 'the role ' : 'the roles '}
          {roles.map((role, i) => (
            <span key={role}>
              {i > 0 && ', '}
              <Mono>{role}</Mono>
            </span>
          ))}{' '}
          {roles.length === 1 ? 'has' : 'have'}.
        </>
      ) : (
        ', which no role within a tenant has.'
      )}{' '}
      You are <Mono>{principal.name}</Mono> with {principal.roles.map((role) => role).join(', ') || 'no role'}
      {principal.tenant !== null && ` of ${principal.tenant}`}.
    </p>
  );
}

/** A page that failed to load, or one that shows nothing by the caller's rights. */
export function Teaching({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <div className="teaching">
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}
