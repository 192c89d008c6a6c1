import type { ReactNode } from 'react';
import { Failure, Teaching } from './ui/problem';
import { To } from './ui/to';

/** Where a page failed. */
export function Failed({ error }: { error: unknown }): ReactNode {
  return <Failure error={error} />;
}

/** Where there is no page. */
export function Lost(): ReactNode {
  return (
    <Teaching title="There is no such page">
      <p>
        The address leads nowhere. <To to="/">Go to the overview.</To>
      </p>
    </Teaching>
  );
}
