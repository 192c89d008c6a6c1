package io.maestro.identity;

import io.maestro.api.identity.Principal;
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

/** Tells who presents a bearer token: from the cache, renewed before it grows stale; else from the database. */
final class Authenticator {
    private static final System.Logger LOG = System.getLogger(Authenticator.class.getName());

    /** From this age on an entry is renewed behind the caller's back, so that a busy token never waits. */
    private static final Duration RENEWED = Duration.ofSeconds(3);

    /** So few at once that a flood of unknown tokens leaves connections for everybody else. */
    private static final int LOOKUPS_AT_ONCE = 3;

    private static final Duration LOOKUP_WAIT = Duration.ofSeconds(2);

    private final JooqTokens tokens;
    private final TokenCache cache;
    private final TokenUses uses;
    private final InstantSource clock;
    private final Executor renewals;
    private final Semaphore lookups = new Semaphore(LOOKUPS_AT_ONCE);

    /** For tokens that were good a while ago: a flood of unknown ones must not keep their owners out. */
    private final Semaphore renewedLookups = new Semaphore(LOOKUPS_AT_ONCE);

    Authenticator(JooqTokens tokens, TokenCache cache, TokenUses uses, InstantSource clock, Executor renewals) {
        this.tokens = tokens;
        this.cache = cache;
        this.uses = uses;
        this.clock = clock;
        this.renewals = renewals;
    }

    /** Empty when the text is no token, or one that is not good (any more). */
    Optional<Principal> authenticate(@Nullable String text) {
        return Bearer.parse(text).flatMap(bearer -> {
            String hash = bearer.hash();
            Instant now = clock.instant();
            TokenCache.Entry entry = cache.find(hash);
            if (entry == null || !entry.freshAt(now, TokenCache.FRESH)) {
                entry = cache.isUnknown(hash, now)
                        ? null
                        : look(bearer, hash, entry == null ? lookups : renewedLookups);
            } else if (!entry.freshAt(now, RENEWED) && entry.renewing().compareAndSet(false, true)) {
                renewals.execute(() -> renew(bearer, hash));
            }
            // exact, whatever the cache: the clock is asked, not the entry's age
            if (entry == null || !entry.token().goodAt(now)) {
                return Optional.empty();
            }
            uses.note(entry, now);
            return Optional.of(entry.principal());
        });
    }

    /** A failed renewal is not tried again: the entry soon is too old, and then the caller learns why. */
    private void renew(Bearer bearer, String hash) {
        try {
            load(bearer, hash);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot renew what is known of token " + bearer.id(), e);
        }
    }

    private TokenCache.@Nullable Entry look(Bearer bearer, String hash, Semaphore gate) {
        boolean mine = false;
        try {
            mine = gate.tryAcquire(LOOKUP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw busy();
            }
            // while waiting, another caller with the same token may have looked
            Instant now = clock.instant();
            TokenCache.Entry entry = cache.find(hash);
            if (entry != null && entry.freshAt(now, TokenCache.FRESH)) {
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

    private TokenCache.@Nullable Entry load(Bearer bearer, String hash) {
        long revocations = cache.revocations();
        // the age counts from before the look: what is seen may be as old as that
        Instant asked = clock.instant();
        StoredToken token = tokens.find(bearer.id()).orElse(null);
        if (token != null && token.matches(hash) && token.goodAt(asked)) {
            return cache.put(hash, token, asked, revocations);
        }
        if (token != null && token.matches(hash)) {
            cache.revoke(bearer.id());
        }
        cache.putUnknown(hash, asked);
        return null;
    }

    private static RuntimeException busy() {
        return Problem.of(
                        StoreProblem.DATABASE_UNAVAILABLE,
                        "too many unknown tokens are being looked up",
                        "Try again soon.")
                .with(Retry.after(Duration.ofSeconds(1)))
                .asException();
    }
}
