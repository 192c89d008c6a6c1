package io.maestro.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the log is told of providers that vouch for nobody: the same once a minute, with how often it was not told. Whoever
 * makes them fail is not known, and would fill the log.
 */
final class Complaints {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int MOST = 1_000;

    private final InstantSource clock;
    private final LinkedHashMap<Complaint, Told> told = new LinkedHashMap<>();

    private record Complaint(String provider, String code) {}

    private record Told(Instant at, long untold) {}

    /** Has told nothing yet. */
    Complaints(InstantSource clock) {
        this.clock = clock;
    }

    /** How often this was not told since it last was; empty when it is not to be told now either. */
    synchronized OptionalLong tell(String provider, String code) {
        Complaint complaint = new Complaint(provider, code);
        Instant now = clock.instant();
        Told before = told.get(complaint);
        if (before != null && now.isBefore(before.at().plus(INTERVAL))) {
            told.put(complaint, new Told(before.at(), before.untold() + 1));
            return OptionalLong.empty();
        }
        // the one that was told longest ago goes first
        told.remove(complaint);
        told.put(complaint, new Told(now, 0));
        if (told.size() > MOST) {
            Map.Entry<Complaint, Told> oldest = told.firstEntry();
            told.remove(oldest.getKey());
        }
        return OptionalLong.of(before == null ? 0 : before.untold());
    }
}
