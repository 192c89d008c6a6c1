// Light or dark: as the system says, until somebody says otherwise.
import { useState } from 'react';

const KEY = 'maestro.theme';
const DARK = 'pf-v6-theme-dark';

export type Theme = 'light' | 'dark';

function now(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function applyTheme(): void {
  document.documentElement.classList.toggle(DARK, now() === 'dark');
}

export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState(now);
  return [
    theme,
    () => {
      const next = theme === 'dark' ? 'light' : 'dark';
      localStorage.setItem(KEY, next);
      applyTheme();
      setTheme(next);
    },
  ];
}
