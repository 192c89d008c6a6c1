package io.maestro.identity;

import io.maestro.api.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Tokens known to be good, and hashes known to be nobody's; both bounded, both for seconds only. Reads take no lock. */
final class TokenCache {
    /** How long an answer may be used; so long may another node's revocation go unnoticed. */
    static final Duration FRESH = Duration.ofSeconds(5);

    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final int bound;
    private final ConcurrentMap<String, Entry> good = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Instant> unknown = new ConcurrentHashMap<>();
    private final AtomicLong revocations = new AtomicLong();

    TokenCache(int bound) {
        this.bound = bound;
    }

    /**
     * A token known to be good.
     *
     * @param token as loaded
     * @param principal whom it stands for
     * @param loadedAt when
     * @param renewing set by the one who renews it
     * @param notedMinute the last minute whose use was noted
     */
    record Entry(
            StoredToken token, Principal principal, Instant loadedAt, AtomicBoolean renewing, AtomicLong notedMinute) {
        boolean freshAt(Instant now, Duration limit) {
            return isYoung(loadedAt, now, limit);
        }
    }

    @Nullable
    Entry find(String hash) {
        return good.get(hash);
    }

    boolean isUnknown(String hash, Instant now) {
        Instant since = unknown.get(hash);
        return since != null && isYoung(since, now, FRESH);
    }

    /** A clock that was set back must not keep an answer alive; a moment is what threads may differ by. */
    private static boolean isYoung(Instant since, Instant now, Duration limit) {
        return now.isBefore(since.plus(limit)) && now.isAfter(since.minus(MOMENT));
    }

    /** To be asked before a token is loaded, and handed to {@link #put} after. */
    long revocations() {
        return revocations.get();
    }

    /** Keeps what was loaded, unless a token was revoked meanwhile: then it may be what was loaded. */
    synchronized Entry put(String hash, StoredToken token, Instant now, long revocationsBefore) {
        Entry before = good.get(hash);
        Entry entry = new Entry(
                token,
                token.principal(),
                now,
                new AtomicBoolean(),
                before == null ? new AtomicLong(Long.MIN_VALUE) : before.notedMinute());
        if (revocations.get() == revocationsBefore) {
            makeRoom();
            good.put(hash, entry);
        }
        return entry;
    }

    void putUnknown(String hash, Instant now) {
        if (unknown.size() >= bound) {
            // a flood of random tokens: none of them is worth remembering
            unknown.clear();
        }
        unknown.put(hash, now);
    }

    /** Forgets a token that is good no longer. */
    synchronized void revoke(String id) {
        revocations.incrementAndGet();
        good.values().removeIf(entry -> entry.token().token().id().equals(id));
    }

    int size() {
        return good.size() + unknown.size();
    }

    /** Any tenth may go: whoever is still about comes back with the next request. */
    private void makeRoom() {
        if (good.size() < bound) {
            return;
        }
        Iterator<String> hashes = good.keySet().iterator();
        for (int i = 0; i <= bound / 10 && hashes.hasNext(); i++) {
            hashes.next();
            hashes.remove();
        }
    }
}
