// Light or dark: as the system says, until somebody says otherwise.
import { useSyncExternalStore } from 'react';

const KEY = 'maestro.theme';
const DARK = 'pf-v6-theme-dark';

export type Theme = 'light' | 'dark';

function now(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

const listeners = new Set<() => void>();

export function applyTheme(): void {
  document.documentElement.classList.toggle(DARK, now() === 'dark');
  listeners.forEach((listener) => listener());
}

/** Follows the system while the page is open, for as long as nobody has chosen. */
export function followTheme(): void {
  applyTheme();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);
}

export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now,
  );
  return [
    theme,
    () => {
      const next = theme === 'dark' ? 'light' : 'dark';
      localStorage.setItem(KEY, next);
      applyTheme();
    },
  ];
}
