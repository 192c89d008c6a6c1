// Reads the text in which the server shows its metrics.

export interface Sample {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const TAG = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function samples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = line.startsWith('#') ? null : LINE.exec(line);
    if (found === null) return [];
    const tags = Object.fromEntries([...(found[2] ?? '').matchAll(TAG)].map((tag) => [tag[1] ?? '', (tag[2] ?? '').replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))]));
    return [{ name: found[1] ?? '', tags, value: Number(found[3]) }];
  });
}

/** The sum of all series of a name that have these tags. */
export function total(all: readonly Sample[], name: string, tags: Readonly<Record<string, string>> = {}): number {
  return all.filter((one) => one.name === name && Object.entries(tags).every(([tag, value]) => one.tags[tag] === value)).reduce((sum, one) => sum + one.value, 0);
}
