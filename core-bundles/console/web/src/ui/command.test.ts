import { expect, it } from 'vitest';
import { curl, quoted } from './command';

it('makes one word of any text for a shell', () => {
  expect(quoted('plain-1.0.jar')).toBe('plain-1.0.jar');
  expect(quoted(`it's; rm -rf "x" $HOME`)).toBe(`'it'\\''s; rm -rf "x" $HOME'`);
});

it('writes a request as a command without the token', () => {
  expect(curl('http://h:1', 'POST', '/api/x', { a: "b'" })).toBe(
    `curl -sS -X POST -H "Authorization: Bearer $MAESTRO_TOKEN" -H 'Content-Type: application/json' -d '{"a":"b'\\''"}' http://h:1/api/x`,
  );
});
