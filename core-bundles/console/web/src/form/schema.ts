// What a form needs of a JSON Schema (2020-12), and what it can check without asking. The server's check is the one that counts.

export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly writeOnly?: boolean;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

export type Kind = 'text' | 'secret' | 'whole' | 'number' | 'flag' | 'choice' | 'texts' | 'group' | 'json';

/** A configuration: an object as it will be sent. */
export type Configuration = Readonly<Record<string, unknown>>;

/** Follows references within the document; one that leads nowhere, or in a circle, allows everything. */
export function resolved(schema: Schema, root: Schema): Schema {
  let found = schema;
  for (let step = 0; found.$ref !== undefined; step += 1) {
    const name = /^#\/\$defs\/([^/]+)$/.exec(found.$ref)?.[1];
    const next = name === undefined ? undefined : root.$defs?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
    if (next === undefined || step > 20) return {};
    found = next;
  }
  return found;
}

/** Which field a property gets; what no field can hold is written as JSON. */
export function kindOf(schema: Schema): Kind {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []).filter((type) => type !== 'null');
  const type = types.length === 1 ? types[0] : undefined;
  if (schema.writeOnly === true) return type === 'string' || type === undefined ? 'secret' : 'json';
  if (schema.enum !== undefined && schema.enum.every((one) => typeof one === 'string')) return 'choice';
  switch (type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'whole';
    case 'number':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'object':
      return schema.properties === undefined ? 'json' : 'group';
    case 'array':
      return schema.items !== undefined && kindOf(schema.items) === 'text' ? 'texts' : 'json';
    default:
      return 'json';
  }
}

/** A reference to a secret of the environment. */
export function referenceIn(value: unknown): string | null {
  if (value === null || typeof value !== 'object') return null;
  const name = (value as { readonly $secret?: unknown }).$secret;
  return typeof name === 'string' ? name : null;
}

/** The value at a property set, or taken away when it is undefined. */
export function withValue(configuration: Configuration, name: string, value: unknown): Configuration {
  const { [name]: _, ...rest } = configuration;
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** What a new configuration begins with: what the schema says by itself, and objects that are required. */
export function begin(schema: Schema, root: Schema = schema): Configuration {
  const begun: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(schema.properties ?? {})) {
    const property = resolved(given, root);
    if (property.default !== undefined) begun[name] = property.default;
    else if (kindOf(property) === 'flag' && schema.required?.includes(name)) begun[name] = false;
    else if (kindOf(property) === 'group' && schema.required?.includes(name)) begun[name] = begin(property, root);
  }
  return begun;
}

export interface Violation {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * What is wrong as far as the form can tell. `kept` are pointers of secrets that the server has and that may be left out.
 */
export function check(value: unknown, given: Schema, root: Schema = given, pointer = '', kept: ReadonlySet<string> = new Set()): Violation[] {
  const schema = resolved(given, root);
  // a secret that another place holds is checked where it is known
  if (schema.writeOnly === true && referenceIn(value) !== null) return [];
  const wrong = (detail: string): Violation[] => [{ pointer, detail }];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return wrong(`has to be one of ${schema.enum.map(String).join(', ')}`);
  const kind = kindOf(schema);
  if (kind === 'text' || kind === 'secret') return typeof value === 'string' ? checkText(value, schema, wrong) : wrong('has to be a text');
  if (kind === 'whole' || kind === 'number') return checkNumber(value, kind, schema, wrong);
  if (kind === 'flag') return typeof value === 'boolean' ? [] : wrong('has to be true or false');
  if (kind === 'texts') return checkTexts(value, schema, wrong);
  if (kind === 'group') {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return wrong('has to be an object');
    return checkMembers(value as Configuration, schema, root, pointer, kept);
  }
  return [];
}

function checkMembers(value: Configuration, schema: Schema, root: Schema, pointer: string, kept: ReadonlySet<string>): Violation[] {
  const found: Violation[] = [];
  for (const name of schema.required ?? []) {
    const at = `${pointer}/${escaped(name)}`;
    if (value[name] === undefined && !kept.has(at)) found.push({ pointer: at, detail: 'is required' });
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = `${pointer}/${escaped(name)}`;
    if (value[name] !== undefined) found.push(...check(value[name], property, root, at, kept));
  }
  return found;
}

function checkText(value: string, schema: Schema, wrong: (detail: string) => Violation[]): Violation[] {
  const length = [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength) return wrong(schema.minLength === 1 ? 'must not be empty' : `needs at least ${schema.minLength} characters`);
  if (schema.maxLength !== undefined && length > schema.maxLength) return wrong(`may have at most ${schema.maxLength} characters`);
  if (schema.pattern !== undefined && !matches(value, schema.pattern)) return wrong(`has to match ${schema.pattern}`);
  return [];
}

function matches(value: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // a pattern of another dialect: the server knows it
    return true;
  }
}

function checkNumber(value: unknown, kind: 'whole' | 'number', schema: Schema, wrong: (detail: string) => Violation[]): Violation[] {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('has to be a number');
  if (kind === 'whole' && !Number.isInteger(value)) return wrong('has to be a whole number');
  if (schema.minimum !== undefined && value < schema.minimum) return wrong(`has to be at least ${schema.minimum}`);
  if (schema.maximum !== undefined && value > schema.maximum) return wrong(`has to be at most ${schema.maximum}`);
  return [];
}

function checkTexts(value: unknown, schema: Schema, wrong: (detail: string) => Violation[]): Violation[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return wrong('has to be a list of texts');
  if (schema.minItems !== undefined && value.length < schema.minItems) return wrong(`needs at least ${schema.minItems}`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems) return wrong(`may have at most ${schema.maxItems}`);
  return value.flatMap((one: string) => checkText(one, schema.items ?? {}, wrong));
}

/** A name as a part of a JSON Pointer. */
export function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The configuration as people may see it: secrets that were typed are not in it. */
export function masked(value: unknown, given: Schema, root: Schema = given): unknown {
  const schema = resolved(given, root);
  if (schema.writeOnly === true) return referenceIn(value) === null ? '••••••' : value;
  if (schema.properties === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member, schema.properties?.[name] ?? {}, root)]));
}
