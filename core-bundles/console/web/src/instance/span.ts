// The time of a call, with a moment before and after it: receipts are found by who acted and when.

const MOMENT_MS = 2_000;

export function during(call: { readonly at: string; readonly milliseconds: number }): { from: string; until: string } {
  const end = Date.parse(call.at);
  return { from: new Date(end - call.milliseconds - MOMENT_MS).toISOString(), until: new Date(end + MOMENT_MS).toISOString() };
}
