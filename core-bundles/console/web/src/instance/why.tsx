// Why an instance is not as it should be: what keeps it, what was measured, and an act that mends it.
import { useQuery as useServer } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { address, carryOut, read, type Schemas } from '../api/client';
import { ActButton, ActDialog } from '../ui/act';
import { CopyAs } from '../ui/copy';
import { Card } from '../ui/page';
import { Failure } from '../ui/problem';
import { Json, Mono } from '../ui/text';
import { ONE, type Names } from './names';

/** Asked only where something is wrong: `revision` and `observed` tell when to ask again. */
export function WhyCard({ names, revision, observed }: { names: Names; revision: number; observed: string }): ReactNode {
  const why = useServer({ queryKey: ['why', names, revision, observed], queryFn: ({ signal }) => read(`${ONE}/why`, { path: names, signal }) });
  if (why.isSuccess && why.data.causes.length === 0) return null;
  return (
    <Card
      title="Why it does not run"
      actions={<CopyAs cli={`maestro why ${names.instance} -t ${names.tenant} -e ${names.environment}`} address={address(`${ONE}/why`, { path: names } as never)} />}
    >
      {why.isError && <Failure error={why.error} />}
      <ol className="causes">
        {why.data?.causes.map((cause) => (
          <li key={cause.code}>
            <p>
              <strong>{cause.sentence}</strong> <Mono>{cause.code}</Mono>
            </p>
            <details>
              <summary>What was measured</summary>
              <Json value={cause.evidence} label={`Evidence of ${cause.code}`} />
            </details>
            <Fix remedy={cause.remedy} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Fix({ remedy }: { remedy: Schemas['Remedy'] }): ReactNode {
  const acts = remedy.method !== 'GET' && remedy.path.startsWith('/api/') && !/[{<]/.test(remedy.path);
  const body = remedy.body === null ? undefined : remedy.body;
  return (
    <p className="fix">
      <strong>To do:</strong> {remedy.description} <CopyAs cli={remedy.cli} method={remedy.method} address={remedy.path} body={body} />{' '}
      {acts && (
        <ActButton
          right="TENANT_WRITE"
          dialog={(close) => (
            <ActDialog
              title={remedy.description}
              verb="Do it"
              command={{ cli: remedy.cli, method: remedy.method, address: remedy.path, body }}
              run={({ key, approval }) => carryOut(remedy.method, remedy.path, { body, key, approval })}
              onClose={close}
            >
              <p>This is what the server proposes:</p>
              <Json value={{ [remedy.method]: remedy.path, ...(body === undefined ? {} : { body }) }} label="The act" />
            </ActDialog>
          )}
        >
          Fix
        </ActButton>
      )}
    </p>
  );
}
