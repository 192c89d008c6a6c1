package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth.Call;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last calls into one instance one by one, and beside them the last that failed or were late, so that neither traffic nor
 * what an open circuit refuses washes those out. Adding one takes no lock: it counts once and writes once. Any thread.
 */
final class RecentCalls {
    private final Ring all;
    private final Ring failed;

    /** An empty one. */
    RecentCalls(int length) {
        all = new Ring(length);
        failed = new Ring(length);
    }

    /**
     * A call that has ended.
     *
     * @param at when, by {@link System#nanoTime}
     * @param took so many nanoseconds
     * @param code of its problem; null when it succeeded
     */
    record Ended(
            Asked asked,
            Outcome outcome,
            long at,
            long took,
            @Nullable String code) {
        /** As it is told, when it is {@code instant}, and {@code now} by the other clock. */
        Call shown(Instant instant, long now) {
            return new Call(
                    instant.minusNanos(Math.max(0, now - at)),
                    asked.operation(),
                    asked.caller(),
                    asked.correlationId(),
                    asked.number(),
                    outcome,
                    Objects.requireNonNullElse(Latencies.millis(took), 0.0),
                    code);
        }
    }

    /** Keeps one, in the place of the oldest. */
    void add(Ended call) {
        all.add(call);
        if (call.outcome == Outcome.FAILED || call.outcome == Outcome.LATE) {
            failed.add(call);
        }
    }

    /** All that are kept, each once. */
    List<Ended> newestFirst() {
        Set<Ended> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        all.collect(kept);
        failed.collect(kept);
        List<Ended> sorted = new ArrayList<>(kept);
        long newest = sorted.stream().mapToLong(Ended::at).reduce(Long.MIN_VALUE, RecentCalls::later);
        // nanoTime may wrap: only differences of it mean something
        sorted.sort(Comparator.comparingLong(call -> newest - call.at));
        return sorted;
    }

    private static long later(long one, long other) {
        return one == Long.MIN_VALUE || other - one > 0 ? other : one;
    }

    private static final class Ring {
        private final AtomicReferenceArray<@Nullable Ended> places;
        private final AtomicInteger next = new AtomicInteger();

        Ring(int length) {
            places = new AtomicReferenceArray<>(length);
        }

        void add(Ended call) {
            places.setRelease(Math.floorMod(next.getAndIncrement(), places.length()), call);
        }

        void collect(Set<Ended> kept) {
            for (int i = 0; i < places.length(); i++) {
                Ended call = places.get(i);
                if (call != null) {
                    kept.add(call);
                }
            }
        }
    }
}
