// Before a configuration is used: whether it works, and what using it does. Both are asked of the server, and change nothing.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemIn, type Schemas } from '../api/client';
import type { Violation } from '../form/schema';
import { Failure } from '../ui/problem';
import { State } from '../ui/text';
import { PlanView } from './versions';

type Plan = Schemas['Plan'];
type Trial = Schemas['Trial'];

export interface Beforehand {
  /** of exactly what the form holds now, and not denied */
  readonly plan: Plan | null;
  /** what the server found wrong with it */
  readonly violations: readonly Violation[];
  readonly forget: () => void;
  readonly view: ReactNode;
}

interface Questions {
  /** says false, and shows why, when the form is not ready to be sent */
  readonly complete: () => boolean;
  readonly tryOut: () => Promise<Trial>;
  readonly plan: () => Promise<Plan>;
}

/** What was seen of `content` counts for as long as that is not changed. */
export function useBeforehand(content: unknown, questions: Questions): Beforehand {
  const now = JSON.stringify(content);
  const trial = useMutation({ mutationFn: (_: string) => questions.tryOut() });
  const planned = useMutation({ mutationFn: (_: string) => questions.plan() });
  const tried = trial.variables === now;
  const plan = planned.variables === now ? planned.data : undefined;
  const failures = [tried ? trial.error : null, planned.variables === now ? planned.error : null].filter((error) => error !== null);
  const busy = trial.isPending || planned.isPending;
  return {
    plan: plan === undefined || plan.policy.outcome === 'deny' ? null : plan,
    violations: failures.flatMap((error) => problemIn(error).problem.violations),
    forget: planned.reset,
    view: (
      <section className="beforehand" aria-label="Before it is done">
        <div className="buttons">
          <Button variant="secondary" isLoading={trial.isPending} isDisabled={busy} onClick={() => questions.complete() && trial.mutate(now)}>
            Test connection
          </Button>
          <Button variant="secondary" isLoading={planned.isPending} isDisabled={busy} onClick={() => questions.complete() && planned.mutate(now)}>
            Plan
          </Button>
          <span className="dim">{plan === undefined ? 'Plan it first; neither changes anything.' : ''}</span>
        </div>
        <div role="status">
          {trial.isPending && <p className="dim">It is opened, asked how it is, and closed again …</p>}
          {tried && trial.data && <Tried trial={trial.data} />}
        </div>
        {failures.map((error, i) => (
          <Failure key={i} error={error} />
        ))}
        {plan && <PlanView plan={plan} />}
      </section>
    ),
  };
}

function Tried({ trial }: { trial: Trial }): ReactNode {
  return (
    <p>
      <State of={trial.state} /> It opened within {trial.openingMillis} ms and said how it is within {trial.answeringMillis} ms
      {trial.reason === null ? '.' : `: ${trial.reason}`}
    </p>
  );
}
