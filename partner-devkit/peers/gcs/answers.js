// The shapes of answers: https://cloud.google.com/storage/docs/json_api/v1/status-codes

/** An answer that is not a good one. */
export class Refusal extends Error {
  /** Where is {locationType, location} when a header or parameter is to blame. */
  constructor(status, reason, message, where = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.where = where;
  }
}

export const invalid = (message) => new Refusal(400, 'invalid', message);
export const bucketMissing = () => new Refusal(404, 'notFound', 'The specified bucket does not exist.');
export const objectMissing = (bucket, name) => new Refusal(404, 'notFound', `No such object: ${bucket}/${name}`);
export const conditionNotMet = () =>
  new Refusal(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.', {
    locationType: 'header',
    location: 'If-Match',
  });

export function sendJson(response, status, body, headers = {}) {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=UTF-8',
    'Content-Length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

export function sendRefusal(response, failure) {
  const { status = 500, reason = 'backendError', message, where = {} } = failure;
  sendJson(response, status, {
    error: { code: status, message, errors: [{ message, domain: 'global', reason, ...where }] },
  });
}

/** The whole body, up to a limit. */
export async function read(request, limit) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) {
      throw new Refusal(413, 'uploadTooLarge', `more than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal(400, 'parseError', 'Parse Error');
  }
}
