import type { components } from './schema.gen.js';

/** A problem by RFC 9457, with what only some kinds of problems tell. */
export type Problem = components['schemas']['Problem'] & { readonly approvalId?: string };

/** What the server refused, or why it could not be asked (`status` is then 0). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    /** the request, as `GET /api/tenants/{tenant}`; null when no request is to blame */
    readonly operation: string | null,
  ) {
    super(problem.detail);
  }
}

/** No answer came at all. */
export function unreachable(operation: string): ProblemError {
  return new ProblemError(
    {
      type: 'about:blank',
      title: 'The server does not answer',
      status: 0,
      detail: 'No connection to the server could be made.',
      code: 'client-unreachable',
      category: 'external',
      fix: 'Check that the server runs and that this machine reaches it, then try again.',
      violations: [],
      retryable: true,
    },
    operation,
  );
}

/** What an answer that is no success says. */
export function problemOf(status: number, text: string, correlationId: string | null, operation: string): ProblemError {
  const told = parsed(text);
  if (told !== null) return new ProblemError(told, operation);
  return new ProblemError(
    {
      type: 'about:blank',
      title: `The server answered ${status}`,
      status,
      detail: 'The answer is not of this server; something stands between it and the caller.',
      code: 'client-unexpected-answer',
      category: 'external',
      violations: [],
      retryable: true,
      ...(correlationId === null ? {} : { correlationId }),
    },
    operation,
  );
}

function parsed(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value ? (value as Problem) : null;
  } catch {
    return null;
  }
}
