package io.maestro.identity;

import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Hashes known to be nobody's, for seconds only; bounded by their number, for all weigh the same. */
final class UnknownBearers {
    private final int bound;
    private final ConcurrentMap<String, Instant> since = new ConcurrentHashMap<>();

    UnknownBearers(int bound) {
        this.bound = bound;
    }

    boolean contains(String hash, Instant now) {
        Instant at = since.get(hash);
        return at != null && BearerCache.isYoung(at, now, BearerCache.FRESH);
    }

    void add(String hash, Instant now) {
        if (since.size() >= bound) {
            // a flood of random bearers: none of them is worth remembering
            since.clear();
        }
        since.put(hash, now);
    }

    int size() {
        return since.size();
    }
}
