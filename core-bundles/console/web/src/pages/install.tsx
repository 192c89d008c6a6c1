// New artifacts: uploaded and verified, or refused with a reason and a fix.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Progress } from '@patternfly/react-core/dist/esm/components/Progress/index.js';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { problemIn, upload, type Schemas } from '../api/client';
import { digest } from '../receipts/verify';
import { quoted } from '../ui/command';
import { CopyAs } from '../ui/copy';
import { List } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure } from '../ui/problem';
import { ProblemText } from '../ui/problem-text';
import { Facts, Mono, Short, size, State, Time } from '../ui/text';
import { To } from '../ui/to';

interface Chosen {
  readonly file: File;
  readonly digest: string;
}

type Stage =
  | { readonly at: 'choose' }
  | { readonly at: 'confirm'; readonly chosen: Chosen }
  | { readonly at: 'sending'; readonly chosen: Chosen; readonly part: number }
  | { readonly at: 'admitted'; readonly chosen: Chosen; readonly definition: Schemas['Definition'] }
  | { readonly at: 'refused'; readonly chosen: Chosen; readonly error: unknown };

export function Install(): ReactNode {
  const [stage, setStage] = useState<Stage>({ at: 'choose' });
  const client = useQueryClient();
  const choose = async (file: File | undefined) => {
    if (file) setStage({ at: 'confirm', chosen: { file, digest: await digest(new Uint8Array(await file.arrayBuffer())) } });
  };
  const send = (chosen: Chosen, approval?: string) => {
    setStage({ at: 'sending', chosen, part: 0 });
    upload(chosen.file, approval, (part) => setStage({ at: 'sending', chosen, part }))
      .then((definition) => setStage({ at: 'admitted', chosen, definition }))
      .catch((error: unknown) => setStage({ at: 'refused', chosen, error }))
      .finally(() => void client.invalidateQueries());
  };
  return (
    <Page title="Install" sub="A bundle is uploaded, every entry of it is verified, and it is admitted or refused. Nothing starts before an instance is created.">
      {stage.at === 'choose' && <Drop onFile={(file) => void choose(file)} />}
      {stage.at !== 'choose' && (
        <Card title={stage.chosen.file.name} actions={<CopyAs cli={`maestro adapter install ${quoted(stage.chosen.file.name)}`} method="POST" address="/api/adapters" />}>
          <Facts
            of={[
              ['Size', size(stage.chosen.file.size)],
              ['SHA-256', <Short key="digest" text={stage.chosen.digest} length={64} />],
            ]}
          />
          {stage.at === 'confirm' && (
            <>
              <p>
                The server will check who signed it, that every entry is covered, its manifest, its imports, and what the policy says. Everybody may read the catalogue;{' '}
                <strong>no running instance is touched.</strong>
              </p>
              <div className="buttons">
                <Button variant="primary" onClick={() => send(stage.chosen)}>
                  Upload and verify
                </Button>
                <Button variant="link" onClick={() => setStage({ at: 'choose' })}>
                  Choose another
                </Button>
              </div>
            </>
          )}
          {stage.at === 'sending' && <Progress aria-label="Upload" title={stage.part < 1 ? 'Uploading' : 'Verifying'} value={Math.round(stage.part * 100)} />}
          {stage.at === 'admitted' && <Report of={stage.definition} same={stage.chosen.digest === stage.definition.digest} onAgain={() => setStage({ at: 'choose' })} />}
          {stage.at === 'refused' && (
            <>
              <Failure error={stage.error} />
              <div className="buttons">
                {problemIn(stage.error).problem.approvalId !== undefined && (
                  <Button variant="secondary" onClick={() => send(stage.chosen, problemIn(stage.error).problem.approvalId)}>
                    Upload with the approval
                  </Button>
                )}
                <Button variant="primary" onClick={() => setStage({ at: 'choose' })}>
                  Choose another
                </Button>
                <To to="/quarantine">See it in the quarantine</To>
              </div>
            </>
          )}
        </Card>
      )}
    </Page>
  );
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

function Report({ of, same, onAgain }: { of: Schemas['Definition']; same: boolean; onAgain: () => void }): ReactNode {
  const steps: readonly (readonly [string, ReactNode])[] = [
    ['Bytes', same ? 'the server has the same digest as this browser' : <strong key="no">the server has another digest: {of.digest}</strong>],
    ['Signature', <span key="key">every entry is signed by <strong>{of.publisher}</strong>, key <Short text={of.key} /></span>],
    ['Manifest', <span key="manifest">{of.type}, contract {of.contractVersion}, by {of.owner}</span>],
    ['Structure', 'exports nothing, and imports only what it may'],
    ['Network', of.permissions.network.length === 0 ? 'reaches nothing' : of.permissions.network.join(', ')],
    ['Policy', 'allows it'],
  ];
  return (
    <>
      <h3>
        {of.name} {of.version} is admitted
      </h3>
      <ol className="report">
        {steps.map(([name, text]) => (
          <li key={name}>
            <strong>{name}</strong> {text}
          </li>
        ))}
      </ol>
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

export function Quarantine(): ReactNode {
  return (
    <Page title="Quarantine" sub="What was refused stays visible, with the reason and what to do." actions={<To to="/install" className="link-button">Install a bundle</To>}>
      <List<Schemas['Quarantined']>
        label="Quarantine"
        path="/api/quarantine"
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
