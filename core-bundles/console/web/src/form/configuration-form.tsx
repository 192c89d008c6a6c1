// A form drawn from an adapter's configuration schema, next to the JSON that it makes.
import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea/index.js';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput/index.js';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { escaped, kindOf, masked, referenceIn, resolved, withValue, type Configuration, type Schema, type Violation } from './schema';

interface Props {
  readonly schema: Schema;
  readonly value: Configuration;
  readonly onChange: (value: Configuration) => void;
  readonly violations: readonly Violation[];
  /** pointers of secrets that the server keeps when they are left out */
  readonly kept: ReadonlySet<string>;
}

export function ConfigurationForm(props: Props): ReactNode {
  const id = useId();
  const empty = Object.keys(props.schema.properties ?? {}).length === 0;
  return (
    <div className="configuration">
      <div className="configuration-fields">
        {empty && <p className="dim">This adapter has nothing to configure.</p>}
        <Members {...props} root={props.schema} pointer="" />
        <Violations of={props.violations.filter((one) => one.pointer === '')} id={`${id}-whole`} />
      </div>
      <JsonSide schema={props.schema} value={props.value} onChange={props.onChange} />
    </div>
  );
}

interface MembersProps extends Props {
  readonly root: Schema;
  readonly pointer: string;
}

function Members(props: MembersProps): ReactNode {
  const required = (name: string) => props.schema.required?.includes(name) ?? false;
  // what has to be given first; else as the schema has it
  const ordered = Object.entries(props.schema.properties ?? {}).sort(([a], [b]) => Number(required(b)) - Number(required(a)));
  return ordered.map(([name, given]) => (
    <Property
      key={name}
      {...props}
      name={name}
      property={resolved(given, props.root)}
      pointer={`${props.pointer}/${escaped(name)}`}
      required={required(name)}
      set={(changed) => props.onChange(withValue(props.value, name, changed))}
    />
  ));
}

interface PropertyProps extends MembersProps {
  readonly name: string;
  readonly property: Schema;
  readonly required: boolean;
  readonly set: (value: unknown) => void;
}

function Property(props: PropertyProps): ReactNode {
  const { name, property, pointer, required } = props;
  const id = useId();
  const title = property.title ?? name;
  const wrong = props.violations.filter((one) => one.pointer === pointer);
  if (kindOf(property) === 'group') {
    return (
      <fieldset className="group">
        <legend>{title}</legend>
        {property.description && <p className="help">{property.description}</p>}
        <Members {...props} schema={property} value={(props.value[name] as Configuration | undefined) ?? {}} onChange={props.set} />
      </fieldset>
    );
  }
  return (
    <div className="property">
      {!(kindOf(property) === 'flag' && required) && (
        <label htmlFor={id}>
          {title}
          {required && (
            <span className="required" aria-hidden="true">
              {' '}
              *
            </span>
          )}
        </label>
      )}
      <Input {...props} id={id} title={title} wrong={wrong.length > 0} describedBy={`${id}-help ${id}-wrong`} />
      <p className="help" id={`${id}-help`}>
        {property.description}
      </p>
      <Violations of={wrong} id={`${id}-wrong`} />
    </div>
  );
}

function Violations({ of, id }: { of: readonly Violation[]; id: string }): ReactNode {
  return (
    <p className="wrong" id={id} role={of.length > 0 ? 'alert' : undefined}>
      {of.map((one) => one.detail).join('; ')}
    </p>
  );
}

interface InputProps extends PropertyProps {
  readonly id: string;
  readonly title: string;
  readonly wrong: boolean;
  readonly describedBy: string;
}

function Input(props: InputProps): ReactNode {
  const { id, property, required, set, title } = props;
  const value = props.value[props.name];
  const common = { id, 'aria-describedby': props.describedBy, validated: props.wrong ? ('error' as const) : ('default' as const) };
  switch (kindOf(property)) {
    case 'flag':
      if (required) return <Checkbox id={id} label={title} aria-describedby={props.describedBy} isChecked={value === true} onChange={(_, on) => set(on)} />;
      // absent is often neither of both
      return (
        <FormSelect {...common} value={typeof value === 'boolean' ? String(value) : ''} onChange={(_, chosen) => set(chosen === '' ? undefined : chosen === 'true')}>
          <FormSelectOption value="" label="As the adapter says" />
          <FormSelectOption value="true" label="Yes" />
          <FormSelectOption value="false" label="No" />
        </FormSelect>
      );
    case 'choice':
      return (
        <FormSelect {...common} value={typeof value === 'string' ? value : ''} onChange={(_, chosen) => set(chosen === '' ? undefined : chosen)}>
          <FormSelectOption value="" label={required ? 'Choose one' : 'As the adapter says'} />
          {(property.enum ?? []).map((one) => (
            <FormSelectOption key={String(one)} value={String(one)} label={String(one)} />
          ))}
        </FormSelect>
      );
    case 'whole':
    case 'number':
      return <NumberInput {...props} />;
    case 'secret':
      return <SecretInput {...props} />;
    case 'texts':
      return (
        <TextArea
          {...common}
          rows={3}
          placeholder="one a line"
          value={Array.isArray(value) ? value.join('\n') : ''}
          onChange={(_, text) => set(text === '' ? undefined : text.split('\n'))}
        />
      );
    case 'text':
      return <TextInput {...common} autoComplete="off" isRequired={required} value={typeof value === 'string' ? value : ''} onChange={(_, text) => set(text === '' ? undefined : text)} />;
    default:
      return <JsonInput {...props} />;
  }
}

function NumberInput({ id, describedBy, wrong, value, name, set, required }: InputProps): ReactNode {
  const now = value[name];
  return (
    <TextInput
      id={id}
      aria-describedby={describedBy}
      validated={wrong ? 'error' : 'default'}
      inputMode="decimal"
      autoComplete="off"
      isRequired={required}
      value={typeof now === 'number' && Number.isFinite(now) ? String(now) : typeof now === 'string' ? now : ''}
      // what is no number stays as it was typed, so that it can be said what is wrong with it
      onChange={(_, text) => set(text === '' ? undefined : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)}
    />
  );
}

/** A value that goes in and never comes out, or the name of a secret of the environment. */
function SecretInput({ id, describedBy, wrong, value, name, set, pointer, kept, title }: InputProps): ReactNode {
  const now = value[name];
  const reference = referenceIn(now);
  const [byName, setByName] = useState(reference !== null && !kept.has(pointer));
  const keeps = kept.has(pointer) && now === undefined;
  return (
    <div className="secret">
      <FormSelect
        aria-label={`${title}: how it is given`}
        value={byName ? 'name' : 'value'}
        onChange={(_, how) => {
          setByName(how === 'name');
          set(undefined);
        }}
      >
        <FormSelectOption value="value" label="Value" />
        <FormSelectOption value="name" label="Name of a secret" />
      </FormSelect>
      {byName ? (
        <TextInput
          id={id}
          aria-describedby={describedBy}
          validated={wrong ? 'error' : 'default'}
          autoComplete="off"
          placeholder="shared/database"
          value={reference ?? ''}
          onChange={(_, text) => set(text === '' ? undefined : { $secret: text })}
        />
      ) : (
        <TextInput
          id={id}
          aria-describedby={describedBy}
          validated={wrong ? 'error' : 'default'}
          type="password"
          autoComplete="new-password"
          placeholder={keeps ? 'set; stays as it is when left empty' : ''}
          value={typeof now === 'string' ? now : ''}
          onChange={(_, text) => set(text === '' ? undefined : text)}
        />
      )}
    </div>
  );
}

/** What no field can hold. */
function JsonInput({ id, describedBy, wrong, value, name, set }: InputProps): ReactNode {
  const [text, setText] = useState(value[name] === undefined ? '' : JSON.stringify(value[name], null, 2));
  const [broken, setBroken] = useState(false);
  return (
    <TextArea
      id={id}
      aria-describedby={describedBy}
      validated={wrong || broken ? 'error' : 'default'}
      className="mono"
      rows={4}
      placeholder="JSON"
      value={text}
      onChange={(_, typed) => {
        setText(typed);
        try {
          set(typed.trim() === '' ? undefined : JSON.parse(typed));
          setBroken(false);
        } catch {
          setBroken(true);
        }
      }}
    />
  );
}

/** The JSON that the form makes, which can be written too. Secrets are masked; those that stay masked stay as they are. */
function JsonSide({ schema, value, onChange }: Pick<Props, 'schema' | 'value' | 'onChange'>): ReactNode {
  const id = useId();
  const shown = JSON.stringify(masked(value, schema), null, 2);
  const [text, setText] = useState(shown);
  const [broken, setBroken] = useState<string | null>(null);
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    if (!typing) setText(shown);
  }, [shown, typing]);
  return (
    <div className="configuration-json">
      <label htmlFor={id}>The same as JSON</label>
      <TextArea
        id={id}
        className="mono"
        rows={Math.min(18, Math.max(6, shown.split('\n').length + 1))}
        spellCheck={false}
        validated={broken === null ? 'default' : 'error'}
        value={text}
        onFocus={() => setTyping(true)}
        onBlur={() => {
          setTyping(false);
          setBroken(null);
        }}
        onChange={(_, typed) => {
          setText(typed);
          try {
            const parsed: unknown = JSON.parse(typed);
            if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) throw new SyntaxError('a configuration is an object');
            onChange(unmasked(parsed as Configuration, value, schema, schema));
            setBroken(null);
          } catch (error) {
            setBroken(error instanceof Error ? error.message : String(error));
          }
        }}
      />
      <p className={broken === null ? 'help' : 'wrong'}>{broken ?? 'Secrets that were typed are not shown here.'}</p>
    </div>
  );
}

function unmasked(typed: Configuration, before: Configuration, schema: Schema, root: Schema): Configuration {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => {
      const property = resolved(schema.properties?.[name] ?? {}, root);
      if (property.writeOnly === true && value === '••••••') return [name, before[name]];
      if (kindOf(property) === 'group' && value !== null && typeof value === 'object') {
        return [name, unmasked(value as Configuration, (before[name] as Configuration | undefined) ?? {}, property, root)];
      }
      return [name, value];
    }),
  );
}
