import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced } from './paced';

describe('work that has many occasions', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is done once for all that came within the pause', async () => {
    const work = vi.fn(() => Promise.resolve());
    const pace = paced(work, 250, 10_000);
    for (let i = 0; i < 100; i++) pace.wanted();
    await vi.advanceTimersByTimeAsync(249);
    expect(work).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is done again for what came while it was done, and never twice at once', async () => {
    let running = 0;
    let most = 0;
    const work = vi.fn(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      running -= 1;
    });
    const pace = paced(work, 250, 10_000);
    pace.wanted();
    await vi.advanceTimersByTimeAsync(1_000);
    pace.wanted();
    pace.wanted();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(work).toHaveBeenCalledTimes(2);
    expect(most).toBe(1);
  });

  it('goes on after work that failed, and after work that never ends', async () => {
    const work = vi
      .fn<() => Promise<void>>()
      .mockImplementationOnce(() => Promise.reject(new Error('down')))
      .mockImplementationOnce(() => new Promise(() => undefined))
      .mockImplementation(() => Promise.resolve());
    const pace = paced(work, 250, 10_000);
    pace.wanted();
    await vi.advanceTimersByTimeAsync(300);
    pace.wanted();
    await vi.advanceTimersByTimeAsync(300);
    pace.wanted();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('is not done once it has ended', async () => {
    const work = vi.fn(() => Promise.resolve());
    const pace = paced(work, 250, 10_000);
    pace.wanted();
    pace.end();
    pace.wanted();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(work).not.toHaveBeenCalled();
  });
});
