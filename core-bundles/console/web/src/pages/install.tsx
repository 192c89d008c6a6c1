// New artifacts: uploaded and verified check by check before the eyes of who brings them, then planned, then installed.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Form } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { Progress } from '@patternfly/react-core/dist/esm/components/Progress/index.js';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { install, problemIn, read, type Schemas } from '../api/client';
import { took, type Step } from '../install/lines';
import { reach } from '../install/reach';
import { PlanView } from '../instance/versions';
import { UNTOLD_MS } from '../live';
import { digest } from '../receipts/verify';
import { quoted } from '../ui/command';
import { CopyAs } from '../ui/copy';
import { NameToType } from '../ui/field';
import { List } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure } from '../ui/problem';
import { ProblemText } from '../ui/problem-text';
import { Facts, Mono, Short, size, State, Time } from '../ui/text';
import { To } from '../ui/to';

type Definition = Schemas['Definition'];
type Plan = Schemas['Plan'];

interface Chosen {
  readonly file: File;
  readonly digest: string;
}

/** What was planned, and the newest version of the adapter that is here, when there is one. */
interface Planned {
  readonly plan: Plan;
  readonly before: Definition | null;
}

type Stage =
  | { readonly at: 'sending'; readonly part: number; readonly only: 'plan' | 'install' }
  | { readonly at: 'planned'; readonly planned: Planned }
  | { readonly at: 'installed'; readonly definition: Definition }
  | { readonly at: 'refused'; readonly error: unknown; readonly planned: Planned | null };

export function Install(): ReactNode {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [stage, setStage] = useState<Stage | null>(null);
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const going = useRef(new AbortController());
  useEffect(() => () => going.current.abort(), []);

  const send = async (what: Chosen, planned: Planned | null, approval?: string) => {
    going.current.abort();
    const mine = new AbortController();
    going.current = mine;
    const only = planned === null ? 'plan' : 'install';
    const unlessGivenUp = (then: () => void) => {
      if (!mine.signal.aborted) then();
    };
    setSteps([]);
    setStage({ at: 'sending', part: 0, only });
    try {
      const last = await install(
        what.file,
        { query: planned === null ? { dryRun: 'true' } : { plan: planned.plan.digest }, approval, signal: mine.signal },
        {
          sent: (part) => unlessGivenUp(() => setStage({ at: 'sending', part, only })),
          step: (step) => unlessGivenUp(() => setSteps((before) => [...before, step])),
        },
      );
      if (last.plan) {
        const seen = { plan: last.plan, before: await newestOf(last.plan.subject) };
        unlessGivenUp(() => setStage({ at: 'planned', planned: seen }));
      } else if (last.definition) {
        const { definition } = last;
        unlessGivenUp(() => setStage({ at: 'installed', definition }));
      }
    } catch (error) {
      unlessGivenUp(() => setStage({ at: 'refused', error, planned }));
    } finally {
      if (only === 'install') void client.invalidateQueries();
    }
  };
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const what = { file, digest: await digest(new Uint8Array(await file.arrayBuffer())) };
    setChosen(what);
    await send(what, null);
  };
  const another = () => {
    going.current.abort();
    setChosen(null);
    setStage(null);
  };
  return (
    <Page title="Install" sub="A bundle is uploaded and verified first. You see what was found and what installing it does, and confirm that. Nothing starts before an instance is created.">
      {(chosen === null || stage === null) && <Drop onFile={(file) => void choose(file)} />}
      {chosen !== null && stage !== null && (
        <Card title={chosen.file.name} actions={<CopyAs cli={`maestro adapter install ${quoted(chosen.file.name)}`} method="POST" address="/api/adapters" />}>
          <Facts
            of={[
              ['Size', size(chosen.file.size)],
              ['SHA-256', <Short key="digest" text={chosen.digest} length={64} />],
            ]}
          />
          {stage.at === 'sending' && (
            <>
              <Progress
                aria-label="Upload"
                title={stage.part < 1 ? 'Uploading' : stage.only === 'plan' ? 'Verifying' : 'Verifying again, and installing'}
                value={Math.round(stage.part * 100)}
              />
              {stage.only === 'plan' && (
                <div className="buttons">
                  <Button variant="link" onClick={another}>
                    Choose another
                  </Button>
                </div>
              )}
            </>
          )}
          <Report steps={steps} digest={chosen.digest} />
          {stage.at === 'planned' && <Confirm planned={stage.planned} onConfirm={() => void send(chosen, stage.planned)} onAnother={another} />}
          {stage.at === 'installed' && <Installed definition={stage.definition} onAgain={another} />}
          {stage.at === 'refused' && <Refused error={stage.error} planned={stage.planned} onAgain={(planned, approval) => void send(chosen, planned, approval)} onAnother={another} />}
        </Card>
      )}
    </Page>
  );
}

/** What the version is compared with; whoever may not see the catalogue compares with nothing, and has to confirm more. */
async function newestOf(subject: string): Promise<Definition | null> {
  const [name = ''] = subject.split('@');
  try {
    return (await read('/api/adapters', { path: {}, query: { name, newest: 'true', preReleases: 'true' } })).items[0] ?? null;
  } catch {
    return null;
  }
}

function Drop({ onFile }: { onFile: (file: File | undefined) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <div
      className="drop"
      data-over={over || undefined}
      data-testid="drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>Drop a signed bundle here</p>
      <Button variant="secondary" onClick={() => input.current?.click()}>
        or choose a file
      </Button>
      <input ref={input} type="file" accept=".jar" hidden aria-label="Bundle" onChange={(event) => onFile(event.target.files?.[0])} />
      <p className="dim">
        A jar, signed with <Mono>maestro adapter sign</Mono> by a publisher whom this server <To to="/publishers">trusts</To>.
      </p>
    </div>
  );
}

/** The checks that the server tells of, as each ends. */
function Report({ steps, digest: own }: { steps: readonly Step[]; digest: string }): ReactNode {
  return (
    <ol className="report" aria-label="Verification" aria-live="polite">
      {steps.map((step) => (
        <li key={step.check}>
          <strong>{step.check.charAt(0).toUpperCase() + step.check.slice(1)}</strong>
          <span>
            <State of={step.result} />
          </span>
          <span>
            {step.detail}
            {step.check === 'bytes' && step.result === 'passed' && (step.detail.includes(own) ? '; the server has the same digest as this browser' : <strong>; this browser has another digest</strong>)}
          </span>
          <span className="dim">{took(step.tookMicros)}</span>
        </li>
      ))}
    </ol>
  );
}

/** More is asked of who installs what reaches further. */
function Confirm({ planned: { plan, before }, onConfirm, onAnother }: { planned: Planned; onConfirm: () => void; onAnother: () => void }): ReactNode {
  const [typed, setTyped] = useState('');
  const [name = ''] = plan.subject.split('@');
  const reached = reach(plan, before);
  const denied = plan.policy.outcome === 'deny';
  const ready = !denied && (reached.length === 0 || typed === name);
  return (
    <Form
      className="confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onConfirm();
      }}
    >
      <PlanView plan={plan} />
      {reached.length === 0 ? (
        <p>
          <strong>No running instance is touched</strong>, and it gains nothing{before === null ? '' : ` that ${before.version} has not`}. Everybody may read the catalogue.
        </p>
      ) : (
        <ul className="plain" aria-label="What it reaches">
          {reached.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {!denied && reached.length > 0 && <NameToType name={name} typed={typed} onTyped={setTyped} />}
      <div className="buttons">
        {!denied && (
          <Button type="submit" variant="primary" isDisabled={!ready}>
            Install {plan.subject}
          </Button>
        )}
        <Button variant="link" onClick={onAnother}>
          Choose another
        </Button>
      </div>
    </Form>
  );
}

function Installed({ definition: of, onAgain }: { definition: Definition; onAgain: () => void }): ReactNode {
  return (
    <>
      <h3>
        {of.name} {of.version} is admitted
      </h3>
      <p>
        Its risk is <State of={of.risk.level} />
        {of.risk.requiresApproval && ', and each instance needs a second person'}.
      </p>
      <div className="buttons">
        <To to="/instances/new" search={{ adapter: of.id }} className="link-button">
          Create an instance
        </To>
        <To to="/adapters/$name/$version" params={{ name: of.name, version: of.version }}>
          Show it
        </To>
        <Button variant="link" onClick={onAgain}>
          Install another
        </Button>
      </div>
    </>
  );
}

interface RefusedProps {
  readonly error: unknown;
  /** null when it was only looked at */
  readonly planned: Planned | null;
  readonly onAgain: (planned: Planned | null, approval?: string) => void;
  readonly onAnother: () => void;
}

function Refused({ error, planned, onAgain, onAnother }: RefusedProps): ReactNode {
  const { approvalId } = problemIn(error).problem;
  return (
    <>
      <Failure error={error} />
      {planned === null && <p className="dim">It was only looked at: nothing of it is kept, and it is not listed in the quarantine.</p>}
      <div className="buttons">
        {planned !== null && approvalId !== undefined && (
          <Button variant="secondary" onClick={() => onAgain(planned, approvalId)}>
            Install with the approval
          </Button>
        )}
        <Button variant="primary" onClick={onAnother}>
          Choose another
        </Button>
        <Button variant="secondary" onClick={() => onAgain(null)}>
          Verify again
        </Button>
        {planned !== null && <To to="/quarantine">See it in the quarantine</To>}
      </div>
    </>
  );
}

export function Quarantine(): ReactNode {
  return (
    <Page title="Quarantine" sub="What was refused stays visible, with the reason and what to do." actions={<To to="/install" className="link-button">Install a bundle</To>}>
      <List<Schemas['Quarantined']>
        label="Quarantine"
        path="/api/quarantine"
        every={UNTOLD_MS}
        columns={[
          {
            name: 'Artifact',
            cell: (one) => (
              <>
                {one.name === null ? <span className="dim">no name could be read</span> : `${one.name} ${one.version ?? ''}`}
                <div className="dim">
                  {one.digest && <Short text={one.digest} />} {size(one.size)}
                </div>
              </>
            ),
          },
          {
            name: 'Why, and what to do',
            cell: (one) => (
              <div className="cell-problem">
                <strong>{one.problem.title}</strong>
                <ProblemText problem={one.problem} />
              </div>
            ),
          },
          { name: 'By', narrow: true, cell: (one) => <><div>{one.source}</div><Mono>{one.actor}</Mono></> },
          { name: 'Refused', narrow: true, cell: (one) => <Time at={one.refusedAt} /> },
        ]}
        rowKey={(one) => String(one.id)}
        cli="maestro adapter list --quarantined"
        empty={<p>Nothing was refused. What the drop folder or an upload brings and this server does not admit is listed here.</p>}
      />
    </Page>
  );
}
