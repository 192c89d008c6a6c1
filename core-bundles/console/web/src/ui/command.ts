/** A text for a shell as one word. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A request as a command; the token is the reader's to fill in. */
export function curl(origin: string, method: string, address: string, body?: unknown): string {
  const parts = ['curl', '-sS'];
  if (method !== 'GET') parts.push('-X', method);
  parts.push('-H', '"Authorization: Bearer $MAESTRO_TOKEN"');
  if (body !== undefined) parts.push('-H', "'Content-Type: application/json'", '-d', quoted(JSON.stringify(body)));
  parts.push(quoted(origin + address));
  return parts.join(' ');
}
