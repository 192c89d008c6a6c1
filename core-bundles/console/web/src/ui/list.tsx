// Lists: filtered, sorted and paged by the server; all of it in the address.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton/index.js';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput/index.js';
import { keepPreviousData, useQuery as useServer, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { address, read, type Page } from '../api/client';
import { pollInterval } from '../live';
import { CopyAs } from './copy';
import { Failure } from './problem';
import { useQuery, useSetQuery } from './to';

const LIMIT = 50;

export interface Column<T> {
  readonly name: string;
  /** the server's word for the order by this column */
  readonly sort?: string;
  readonly cell: (row: T) => ReactNode;
  readonly narrow?: boolean;
}

export interface Filter {
  readonly name: string;
  readonly label: string;
  /** what can be chosen; any text when left out */
  readonly options?: readonly string[];
}

export interface ListProps<T> {
  readonly label: string;
  readonly path: string;
  readonly names?: Readonly<Record<string, string>>;
  /** parameters that the page itself sets */
  readonly fixed?: Readonly<Record<string, string | undefined>>;
  readonly filters?: readonly Filter[];
  readonly sorted?: boolean;
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly cli?: string;
  readonly actions?: ReactNode;
  /** false when the server gives all at once */
  readonly paged?: boolean;
  /** so many ms after it was asked, the server is asked again, also while there is a stream, which does not tell all */
  readonly every?: number;
  /** what to learn where there is nothing yet */
  readonly empty: ReactNode;
}

/** Whatever is at an address, kept up to date; `every` so many ms, also while there is a stream, which does not tell all. */
export function useLive<T>(key: readonly unknown[], load: (signal: AbortSignal) => Promise<T>, enabled = true, every: (data: T | undefined) => number | false = () => false): UseQueryResult<T> {
  return useServer({
    queryKey: key,
    queryFn: ({ signal }) => load(signal),
    refetchInterval: (query) => (query.state.error === null && every(query.state.data as T | undefined)) || pollInterval(query.state.error),
    meta: { live: true },
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function List<T>(props: ListProps<T>): ReactNode {
  const query = useQuery();
  const filters = props.filters ?? [];
  const wanted: Record<string, string | undefined> = { ...props.fixed };
  for (const filter of filters) wanted[filter.name] = query[filter.name];
  if (props.sorted) wanted['sort'] = query['sort'];
  const paged = props.paged ?? true;
  if (paged) wanted['cursor'] = query['cursor'];
  const asked = { path: props.names ?? {}, query: { ...wanted, limit: paged ? LIMIT : undefined } };
  const url = address(props.path, asked as never);
  const result = useLive<Page<T>>(
    [props.path, url],
    async (signal) => (await read(props.path as never, { ...asked, signal } as never)) as unknown as Page<T>,
    true,
    () => props.every ?? false,
  );
  const filtered = filters.some((filter) => query[filter.name]);
  const rows = result.data?.items ?? [];
  return (
    <section aria-label={props.label} className="list">
      <div className="list-bar">
        {filters.map((filter) => (
          <FilterField key={filter.name} filter={filter} />
        ))}
        <span className="spring" />
        {props.actions}
        <CopyAs cli={props.cli} address={address(props.path, { path: props.names ?? {}, query: { ...wanted, cursor: undefined } } as never)} />
      </div>
      {result.isError && <Failure error={result.error} />}
      {!result.isError && (
        <div className="table-box" tabIndex={0} role="region" aria-label={`${props.label}, table`}>
          <table aria-label={props.label} aria-busy={result.isFetching && result.isPlaceholderData}>
            <thead>
              <tr>
                {props.columns.map((column) => (
                  <Head key={column.name} column={column} />
                ))}
              </tr>
            </thead>
            <tbody>
              {result.isPending && <Waiting columns={props.columns.length} />}
              {rows.map((row) => (
                <tr key={props.rowKey(row)}>
                  {props.columns.map((column, i) =>
                    i === 0 ? (
                      <th key={column.name} scope="row">
                        {column.cell(row)}
                      </th>
                    ) : (
                      <td key={column.name} className={column.narrow ? 'narrow' : undefined}>
                        {column.cell(row)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
          {!result.isPending && rows.length === 0 && (
            <div className="empty">{filtered ? <p>Nothing matches these filters.</p> : props.empty}</div>
          )}
        </div>
      )}
      {paged && <Pager next={result.data?.next ?? null} count={rows.length} />}
    </section>
  );
}

function Waiting({ columns }: { columns: number }): ReactNode {
  return [0, 1, 2].map((row) => (
    <tr key={row}>
      <td colSpan={columns}>
        <Skeleton screenreaderText="Loading" />
      </td>
    </tr>
  ));
}

function Head<T>({ column }: { column: Column<T> }): ReactNode {
  const query = useQuery();
  const set = useSetQuery();
  if (!column.sort) return <th scope="col">{column.name}</th>;
  const up = query['sort'] === column.sort;
  const down = query['sort'] === `-${column.sort}`;
  return (
    <th scope="col" aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <button type="button" className="sort" onClick={() => set({ sort: up ? `-${column.sort}` : column.sort })}>
        {column.name}
        <span aria-hidden="true">{up ? ' ↑' : down ? ' ↓' : ''}</span>
      </button>
    </th>
  );
}

function FilterField({ filter }: { filter: Filter }): ReactNode {
  const query = useQuery();
  const set = useSetQuery();
  const value = query[filter.name] ?? '';
  if (filter.options) {
    return (
      <FormSelect className="filter" aria-label={filter.label} value={value} onChange={(_, chosen) => set({ [filter.name]: chosen })}>
        <FormSelectOption value="" label={`${filter.label}: any`} />
        {filter.options.map((option) => (
          <FormSelectOption key={option} value={option} label={option} />
        ))}
      </FormSelect>
    );
  }
  return <TextFilter name={filter.name} label={filter.label} value={value} />;
}

function TextFilter({ name, label, value }: { name: string; label: string; value: string }): ReactNode {
  const set = useSetQuery();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <form
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
        set({ [name]: typed });
      }}
    >
      <TextInput
        type="search"
        data-search=""
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(_, text) => setTyped(text)}
        onBlur={() => typed !== value && set({ [name]: typed })}
      />
    </form>
  );
}

function Pager({ next, count }: { next: string | null; count: number }): ReactNode {
  const query = useQuery();
  const set = useSetQuery();
  if (next === null && query['cursor'] === undefined) return null;
  return (
    <nav className="pager" aria-label="Pages">
      <span className="dim">{count} on this page</span>
      <Button variant="secondary" size="sm" isDisabled={query['cursor'] === undefined} onClick={() => set({ cursor: undefined })}>
        First page
      </Button>
      <Button variant="secondary" size="sm" isDisabled={next === null} onClick={() => set({ cursor: next ?? undefined })}>
        Next page
      </Button>
    </nav>
  );
}
