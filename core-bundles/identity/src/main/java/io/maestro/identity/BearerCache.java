package io.maestro.identity;

import io.maestro.api.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bearers known to be good, for seconds only. Bounded by what they weigh: all together, and those of one tenant, which may
 * have itself as many as it likes. When there is no room, the oldest go of the tenant that has most. Reads take no lock.
 */
final class BearerCache {
    /** How long an answer may be used; so long may another node's revocation go unnoticed. */
    static final Duration FRESH = Duration.ofSeconds(5);

    /** One tenant may have this part of it. */
    private static final int PART = 4;

    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final long bound;
    private final ConcurrentMap<String, Entry> good = new ConcurrentHashMap<>();
    private final UnknownBearers unknown;
    private final AtomicLong revocations = new AtomicLong();

    /** By tenant, and by nobody's name for the installation; guarded by this. */
    private final Map<String, Share> shares = new HashMap<>();

    private long weight;

    /**
     * An empty one.
     *
     * @param bound of the weight of all, in bytes
     * @param unknown how many hashes that are nobody's are remembered
     */
    BearerCache(long bound, int unknown) {
        this.bound = bound;
        this.unknown = new UnknownBearers(unknown);
    }

    /**
     * A bearer known to be good.
     *
     * @param holder as loaded
     * @param principal whom it stands for
     * @param loadedAt when
     * @param renewing set by the one who renews it
     * @param notedMinute the last minute whose use was noted
     */
    record Entry(Holder holder, Principal principal, Instant loadedAt, AtomicBoolean renewing, AtomicLong notedMinute) {
        boolean freshAt(Instant now, Duration limit) {
            return isYoung(loadedAt, now, limit);
        }
    }

    /** What one tenant has; the oldest first. */
    private static final class Share {
        private final LinkedHashMap<String, Long> weights = new LinkedHashMap<>();
        private long weight;
    }

    @Nullable
    Entry find(String hash) {
        return good.get(hash);
    }

    boolean isUnknown(String hash, Instant now) {
        return unknown.contains(hash, now);
    }

    /** A clock that was set back must not keep an answer alive; a moment is what threads may differ by. */
    static boolean isYoung(Instant since, Instant now, Duration limit) {
        return now.isBefore(since.plus(limit)) && now.isAfter(since.minus(MOMENT));
    }

    /** To be asked before a holder is loaded, and handed to {@link #put} after. */
    long revocations() {
        return revocations.get();
    }

    /** Keeps what was loaded, unless one was revoked meanwhile: then it may be what was loaded. */
    synchronized Entry put(String hash, Holder holder, Instant now, long revocationsBefore) {
        Entry before = good.get(hash);
        Entry entry = new Entry(
                holder,
                holder.principal(),
                now,
                new AtomicBoolean(),
                before == null ? new AtomicLong(Long.MIN_VALUE) : before.notedMinute());
        if (revocations.get() == revocationsBefore) {
            forget(hash);
            keep(hash, entry, now);
        }
        return entry;
    }

    void putUnknown(String hash, Instant now) {
        unknown.add(hash, now);
    }

    /** Forgets one bearer, of whoever it is. */
    synchronized void forget(String hash) {
        Entry entry = good.remove(hash);
        if (entry != null) {
            String owner = owner(entry);
            Share share = shares.get(owner);
            Long had = share == null ? null : share.weights.remove(hash);
            if (share != null && had != null) {
                share.weight -= had;
                weight -= had;
                if (share.weights.isEmpty()) {
                    shares.remove(owner);
                }
            }
        }
    }

    /** Forgets all bearers of a holder that is good no longer, or changed. */
    synchronized void revoke(String id) {
        revocations.incrementAndGet();
        good.entrySet().stream()
                .filter(entry -> entry.getValue().holder().id().equals(id))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::forget);
    }

    int size() {
        return good.size() + unknown.size();
    }

    /** What all good ones weigh, in bytes. */
    synchronized long weight() {
        return weight;
    }

    private void keep(String hash, Entry entry, Instant now) {
        long needed = weigh(hash, entry);
        if (needed > bound / PART) {
            return;
        }
        String owner = owner(entry);
        Share own = shares.get(owner);
        while (own != null && own.weight + needed > bound / PART) {
            forgetOldest(own);
            own = shares.get(owner);
        }
        if (weight + needed > bound) {
            forgetStale(now);
        }
        while (weight + needed > bound) {
            shares.values().stream()
                    .max(Comparator.comparingLong(share -> share.weight))
                    .ifPresent(this::forgetOldest);
        }
        good.put(hash, entry);
        Share share = shares.computeIfAbsent(owner, any -> new Share());
        share.weights.put(hash, needed);
        share.weight += needed;
        weight += needed;
    }

    private void forgetOldest(Share share) {
        forget(share.weights.firstEntry().getKey());
    }

    /** Within a share the oldest come first, so this looks at what it takes away and at one more of each tenant. */
    private void forgetStale(Instant now) {
        for (Share share : shares.values().toArray(Share[]::new)) {
            while (!share.weights.isEmpty()) {
                String oldest = share.weights.firstEntry().getKey();
                Entry entry = good.get(oldest);
                if (entry != null && entry.freshAt(now, FRESH)) {
                    break;
                }
                forget(oldest);
            }
        }
    }

    private static String owner(Entry entry) {
        return entry.principal().tenant() == null
                ? ""
                : entry.principal().tenant().value();
    }

    /** About what it takes in memory: its texts, and the objects that hold them. */
    private static long weigh(String hash, Entry entry) {
        Principal principal = entry.principal();
        long bytes = 600 + text(hash) + text(principal.id()) + text(principal.name());
        for (var attribute : principal.attributes().entrySet()) {
            bytes += 80 + text(attribute.getKey());
            for (String value : attribute.getValue()) {
                bytes += text(value);
            }
        }
        return bytes;
    }

    private static long text(String text) {
        return 56 + 2L * text.length();
    }
}
