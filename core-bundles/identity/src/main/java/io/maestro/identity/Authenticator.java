package io.maestro.identity;

import io.maestro.api.identity.Principal;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.store.StoreProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells who presents a bearer of one kind: from the cache, renewed before it grows stale; else from the database. */
final class Authenticator {
    private static final System.Logger LOG = System.getLogger(Authenticator.class.getName());

    /** From this age on an entry is renewed behind the caller's back, so that a busy one never waits. */
    private static final Duration RENEWED = Duration.ofSeconds(3);

    /** So few at once that a flood of unknown bearers leaves connections for everybody else. */
    private static final int LOOKUPS_AT_ONCE = 3;

    private static final Duration LOOKUP_WAIT = Duration.ofSeconds(2);

    private final Bearer.Kind kind;
    private final Holder.Rows rows;
    private final BearerCache cache;
    private final BearerUses uses;
    private final InstantSource clock;
    private final Executor renewals;
    private final Semaphore lookups = new Semaphore(LOOKUPS_AT_ONCE);

    /** For those that were good a while ago: a flood of unknown ones must not keep their owners out. */
    private final Semaphore renewedLookups = new Semaphore(LOOKUPS_AT_ONCE);

    Authenticator(
            Bearer.Kind kind,
            Holder.Rows rows,
            BearerCache cache,
            BearerUses uses,
            InstantSource clock,
            Executor renewals) {
        this.kind = kind;
        this.rows = rows;
        this.cache = cache;
        this.uses = uses;
        this.clock = clock;
        this.renewals = renewals;
    }

    /** Empty when the text is no such bearer, or one that is not good (any more). */
    Optional<Principal> authenticate(@Nullable String text) {
        return find(text, true);
    }

    /** The same without counting as a use. */
    Optional<Principal> presentNow(@Nullable String text) {
        return find(text, false);
    }

    private Optional<Principal> find(@Nullable String text, boolean use) {
        return Bearer.parse(kind, text).flatMap(bearer -> {
            String hash = bearer.hash();
            Instant now = clock.instant();
            BearerCache.Entry entry = cache.find(hash);
            if (entry == null || !entry.freshAt(now, BearerCache.FRESH)) {
                entry = cache.isUnknown(hash, now)
                        ? null
                        : look(bearer, hash, entry == null ? lookups : renewedLookups);
            } else if (!entry.freshAt(now, RENEWED) && entry.renewing().compareAndSet(false, true)) {
                Principal known = entry.principal();
                renewals.execute(() -> renew(bearer, hash, known));
            }
            // exact, whatever the cache: the clock is asked, not the entry's age
            if (entry == null || !entry.holder().goodAt(hash, now)) {
                return Optional.empty();
            }
            if (use) {
                uses.note(entry, now);
            }
            return Optional.of(entry.principal());
        });
    }

    /** A failed renewal is not tried again: the entry soon is too old, and then the caller learns why. */
    private void renew(Bearer bearer, String hash, Principal known) {
        try {
            load(bearer, hash);
        } catch (RuntimeException e) {
            ScopedLog.of(LOG, known.tenant(), known.environment())
                    .log(System.Logger.Level.WARNING, "cannot renew what is known of bearer " + bearer.id(), e);
        }
    }

    private BearerCache.@Nullable Entry look(Bearer bearer, String hash, Semaphore gate) {
        boolean mine = false;
        try {
            mine = gate.tryAcquire(LOOKUP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw busy();
            }
            // while waiting, another caller with the same bearer may have looked
            Instant now = clock.instant();
            BearerCache.Entry entry = cache.find(hash);
            if (entry != null && entry.freshAt(now, BearerCache.FRESH)) {
                return entry;
            }
            return cache.isUnknown(hash, now) ? null : load(bearer, hash);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            if (mine) {
                gate.release();
            }
        }
    }

    private BearerCache.@Nullable Entry load(Bearer bearer, String hash) {
        long revocations = cache.revocations();
        // the age counts from before the look: what is seen may be as old as that
        Instant asked = clock.instant();
        Holder holder = rows.find(bearer.id()).orElse(null);
        if (holder != null && holder.matches(hash)) {
            if (holder.goodAt(hash, asked)) {
                return cache.put(hash, holder, asked, revocations);
            }
            cache.revoke(bearer.id());
        }
        cache.putUnknown(hash, asked);
        return null;
    }

    private static RuntimeException busy() {
        return Problem.of(
                        StoreProblem.DATABASE_UNAVAILABLE,
                        "too many unknown callers are being looked up",
                        "Try again soon.")
                .with(Retry.after(Duration.ofSeconds(1)))
                .asException();
    }
}
