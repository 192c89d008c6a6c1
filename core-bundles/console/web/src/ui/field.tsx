// Fields of forms.
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput/index.js';
import { useId, type ReactNode } from 'react';

/** A field of a form with its name and a word of help. */
export function Field({ label, help, required, children }: { label: string; help?: ReactNode; required?: boolean; children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return (
    <FormGroup label={label} fieldId={id} isRequired={required ?? false}>
      {children(id)}
      {help && <p className="help">{help}</p>}
    </FormGroup>
  );
}

export function TextField(props: { label: string; value: string; onChange: (text: string) => void; help?: ReactNode; required?: boolean; secret?: boolean }): ReactNode {
  return (
    <Field label={props.label} help={props.help} {...(props.required === undefined ? {} : { required: props.required })}>
      {(id) => (
        <TextInput
          id={id}
          value={props.value}
          type={props.secret ? 'password' : 'text'}
          autoComplete={props.secret ? 'new-password' : 'off'}
          isRequired={props.required ?? false}
          onChange={(_, text) => props.onChange(text)}
        />
      )}
    </Field>
  );
}

/** Where a name has to be typed before an act. */
export function NameToType({ name, typed, onTyped }: { name: string; typed: string; onTyped: (text: string) => void }): ReactNode {
  const id = useId();
  return (
    <FormGroup label={`Type ${name} to confirm`} fieldId={id}>
      <TextInput id={id} value={typed} autoComplete="off" onChange={(_, text) => onTyped(text)} />
    </FormGroup>
  );
}
