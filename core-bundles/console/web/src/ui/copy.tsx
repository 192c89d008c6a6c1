// The same by command line: what a page does or shows can be done by a script.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import CopyIcon from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { useState, type ReactNode } from 'react';
import { curl } from './command';

function CopyButton({ what, text }: { what: string; text: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      variant="link"
      isInline
      size="sm"
      icon={<CopyIcon />}
      title={text}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
      }}
    >
      {copied ? `${what} copied` : what}
    </Button>
  );
}

export interface Command {
  readonly cli?: string | undefined;
  readonly method?: string;
  readonly address: string;
  readonly body?: unknown;
}

/** Copies what a page shows or does as a command. */
export function CopyAs({ cli, method = 'GET', address, body }: Command): ReactNode {
  return (
    <span className="copy-as">
      {cli !== undefined && <CopyButton what="CLI" text={cli} />}
      <CopyButton what="curl" text={curl(location.origin, method, address, body)} />
    </span>
  );
}
