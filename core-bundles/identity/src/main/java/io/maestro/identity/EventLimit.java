package io.maestro.identity;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many events per second are kept of one source; counts the rest. */
final class EventLimit {
    private final int perSecond;
    private final InstantSource clock;
    private final ConcurrentMap<String, Window> windows = new ConcurrentHashMap<>();

    private record Window(long second, int kept, long suppressed, boolean admitted, long owed) {}

    /**
     * What to do with an event.
     *
     * @param admitted whether to keep it
     * @param suppressed how many were not kept since the last one that was told this number
     */
    record Verdict(boolean admitted, long suppressed) {}

    EventLimit(int perSecond, InstantSource clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    Verdict admit(String source) {
        long second = clock.instant().getEpochSecond();
        Window window = windows.compute(source, (key, before) -> {
            if (before == null || before.second != second) {
                return new Window(second, 1, 0, true, before == null ? 0 : before.suppressed);
            }
            return before.kept < perSecond
                    ? new Window(second, before.kept + 1, before.suppressed, true, 0)
                    : new Window(second, before.kept, before.suppressed + 1, false, 0);
        });
        return new Verdict(window.admitted, window.owed);
    }

    /** Forgets sources that have fallen silent; gives how many of their events were not kept. */
    Map<String, Long> drain() {
        long second = clock.instant().getEpochSecond();
        Map<String, Long> suppressed = new HashMap<>();
        windows.forEach((source, window) -> {
            if (window.second != second && windows.remove(source, window) && window.suppressed > 0) {
                suppressed.put(source, window.suppressed);
            }
        });
        return suppressed;
    }
}
