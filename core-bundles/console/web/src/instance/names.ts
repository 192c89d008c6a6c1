/** Which instance. */
export interface Names {
  readonly tenant: string;
  readonly environment: string;
  readonly instance: string;
}

export const ONE = '/api/tenants/{tenant}/environments/{environment}/instances/{instance}';
