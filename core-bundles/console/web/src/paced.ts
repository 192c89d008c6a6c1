// Many occasions for one piece of work: it is done soon after the first of them, and once more for those that came meanwhile.

export interface Paced {
  /** there is an occasion */
  readonly wanted: () => void;
  readonly end: () => void;
}

/**
 * Never does two rounds of `work` at once, for the next would undo the one before: a server that takes longer than the pause is
 * asked less often. A round that takes longer than `longestMs` is no longer waited for.
 */
export function paced(work: () => Promise<unknown>, pauseMs: number, longestMs: number): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  let ended = false;
  const round = () => {
    again = false;
    let over = false;
    const next = () => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      timer = undefined;
      if (again && !ended) begin();
    };
    timer = setTimeout(next, longestMs);
    work().then(next, next);
  };
  const begin = () => {
    timer = setTimeout(round, pauseMs);
  };
  return {
    wanted: () => {
      if (ended) return;
      if (timer === undefined) begin();
      else again = true;
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}
