// Acts: asked for in a dialog that shows what will be done, what it is as a command, and why it was refused.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Form } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal/index.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState, type ReactNode } from 'react';
import { problemIn } from '../api/client';
import { held, type Right } from '../api/rights.gen';
import { may, usePrincipal } from '../session';
import { CopyAs, type Command } from './copy';
import { NameToType } from './field';
import { Failure } from './problem';

/** What every repeat of one act has in common. */
export interface Attempt {
  readonly key: string;
  readonly approval: string | undefined;
}

export interface ActProps<T> {
  readonly title: string;
  readonly verb: string;
  readonly danger?: boolean;
  /** a name that has to be typed first, where the act cannot be taken back */
  readonly typeName?: string;
  readonly ready?: boolean;
  readonly command: Command;
  readonly run: (attempt: Attempt) => Promise<T>;
  readonly onDone?: (result: T) => void;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children?: ReactNode;
}

export function ActDialog<T>(props: ActProps<T>): ReactNode {
  const id = useId();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [approval, setApproval] = useState<string>();
  const key = useRef(crypto.randomUUID());
  const act = useMutation({
    mutationFn: () => props.run({ key: key.current, approval }),
    onSuccess: (result) => {
      void client.invalidateQueries();
      props.onDone?.(result);
      props.onClose();
    },
    onError: (error) => {
      const { approvalId, status } = problemIn(error).problem;
      if (approvalId !== undefined) setApproval(approvalId);
      // what was refused may be repeated as another act; what nobody knows the end of is repeated as the same
      if (status >= 400 && status < 500) key.current = crypto.randomUUID();
    },
  });
  const confirmed = props.typeName === undefined || typed === props.typeName;
  const ready = (props.ready ?? true) && confirmed && !act.isPending;
  return (
    <Modal variant={props.wide ? 'large' : 'small'} isOpen onClose={props.onClose} aria-labelledby={`${id}-title`} disableFocusTrap={false}>
      <ModalHeader title={props.title} labelId={`${id}-title`} {...(props.danger ? { titleIconVariant: 'warning' as const } : {})} />
      <ModalBody tabIndex={0} aria-label={props.title}>
        <Form
          id={`${id}-form`}
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) act.mutate();
          }}
        >
          {props.children}
          {props.typeName !== undefined && <NameToType name={props.typeName} typed={typed} onTyped={setTyped} />}
          {act.isError && <Failure error={act.error} />}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={`${id}-form`} variant={props.danger ? 'danger' : 'primary'} isDisabled={!ready} isLoading={act.isPending}>
          {approval === undefined ? props.verb : `${props.verb} with the approval`}
        </Button>
        <Button variant="link" onClick={props.onClose}>
          Cancel
        </Button>
        <span className="spring" />
        <CopyAs {...props.command} />
      </ModalFooter>
    </Modal>
  );
}

interface ActButtonProps {
  readonly right: Right;
  readonly children: ReactNode;
  readonly variant?: 'primary' | 'secondary' | 'link' | 'danger';
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly dialog: (close: () => void) => ReactNode;
}

/** Opens a dialog; says which right is missing to whoever may not. */
export function ActButton({ right, children, variant = 'secondary', small, disabled = false, dialog }: ActButtonProps): ReactNode {
  const [open, setOpen] = useState(false);
  const principal = usePrincipal();
  const allowed = may(principal, right);
  return (
    <>
      <Button
        variant={variant}
        size="sm"
        isInline={small ?? false}
        isDisabled={disabled}
        isAriaDisabled={!allowed}
        title={allowed ? undefined : `needs the right ${right}: ${[...held[right].platform, ...held[right].tenant].join(', ')}`}
        onClick={() => allowed && setOpen(true)}
      >
        {children}
      </Button>
      {open && dialog(() => setOpen(false))}
    </>
  );
}
