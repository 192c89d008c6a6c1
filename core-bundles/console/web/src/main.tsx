import '@patternfly/react-core/dist/styles/base.css';
import './house.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { problemIn } from './api/client';
import { Login } from './login';
import { router } from './router';
import { resume, useSession } from './session';
import { followTheme } from './theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // what the server refused it refuses again
      retry: (failures, error) => problemIn(error).problem.status === 0 && failures < 2,
    },
  },
});

function Console() {
  const session = useSession();
  useEffect(() => {
    // what somebody was shown is nobody else's
    if (session.state === 'out') client.clear();
  }, [session.state]);
  if (session.state === 'unknown') return null;
  if (session.state === 'out') return <Login ended={session.ended} />;
  return <RouterProvider router={router} />;
}

followTheme();
const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Console />
    </QueryClientProvider>
  </StrictMode>,
);
void resume();
