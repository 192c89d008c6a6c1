// What whoever runs this server calls it, and its colour.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { read, type Schemas } from './api/client';

const USUAL: Schemas['Branding'] = { name: 'Maestro Conductor', accent: '', supportUrl: null };

/** Until the server has said it, the usual one. */
export function useBranding(): Schemas['Branding'] {
  const said = useQuery({ queryKey: ['branding'], queryFn: ({ signal }) => read('/api/branding', { signal }), staleTime: Infinity });
  const branding = said.data ?? USUAL;
  useEffect(() => {
    document.title = branding.name;
    // lines and marks only: texts keep colours whose contrast is known
    if (/^#[0-9a-f]{6}$/.test(branding.accent)) document.documentElement.style.setProperty('--accent', branding.accent);
  }, [branding.name, branding.accent]);
  return branding;
}
