/** A piece of a stream of server-sent events. */
export interface Frame {
  readonly id: string;
  readonly type: string;
  /** a JSON document, or the text as it came when it is none */
  readonly data: unknown;
}

/** More than any event of the server has. */
const LONGEST = 1 << 20;

/** Reads one event after another out of a stream's text. */
export class EventParser {
  #rest = '';
  #id = '';

  /** Up to where the stream has told; also what stands in comments, which are no events. */
  get reached(): string {
    return this.#id;
  }

  /** The events that are complete with this further piece. */
  push(piece: string): Frame[] {
    const frames: Frame[] = [];
    const blocks = (this.#rest + piece).split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? '';
    if (this.#rest.length > LONGEST) throw new Error('an event of the stream does not end');
    for (const block of blocks) {
      let type = 'message';
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        const [field, value] = split(line);
        if (field === 'id') this.#id = value;
        else if (field === 'event') type = value;
        else if (field === 'data') data.push(value);
      }
      if (data.length > 0) frames.push({ id: this.#id, type, data: parsed(data.join('\n')) });
    }
    return frames;
  }
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
