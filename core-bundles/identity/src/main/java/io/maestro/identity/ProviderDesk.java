package io.maestro.identity;

import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where tokens of one provider are checked. Each is asked about once in five seconds, and few are at once; those of
 * strangers wait at a door of their own, and those with a key that no good token had at another, for such a key has the
 * instance ask its provider.
 */
final class ProviderDesk {
    /** Longer than a provider on a busy machine takes to show its new keys: waiting costs a virtual thread, refusing a call. */
    private static final Duration WAIT = Duration.ofSeconds(10);

    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final int KNOWN_KEYS = 16;
    private static final int REFUSED = 1_000;

    private final IdentityProvider provider;
    private final ProviderCalls calls;
    private final Vouching vouching;
    private final InstantSource clock;
    private final BearerCache cache;
    private final UnknownBearers refused = new UnknownBearers(REFUSED);
    private final LinkedHashSet<String> keys = new LinkedHashSet<>();
    private final Semaphore regulars = new Semaphore(8);
    private final Semaphore strangers = new Semaphore(8);
    private final Semaphore strangeKeys = new Semaphore(4);
    private final Semaphore logins = new Semaphore(8);

    /**
     * A desk that knows nobody yet.
     *
     * @param cache shared with all other desks, so that all together are bounded
     */
    ProviderDesk(
            IdentityProvider provider, ProviderCalls calls, Vouching vouching, BearerCache cache, InstantSource clock) {
        this.provider = provider;
        this.calls = calls;
        this.vouching = vouching;
        this.cache = cache;
        this.clock = clock;
    }

    String id() {
        return provider.id();
    }

    IdentityProvider provider() {
        return provider;
    }

    /** Whether a token that claims this may be one of the provider's. */
    boolean concerns(JwtHead head) {
        return provider.settings().enabled()
                && provider.description().issuer().equals(head.issuer())
                && provider.description().audiences().stream().anyMatch(head.audiences()::contains);
    }

    /**
     * Whose token it is; empty when it is refused. May wait for the instance.
     *
     * @throws io.maestro.model.ProblemException when the instance cannot tell now
     */
    Optional<Principal> authenticate(JwtHead head, String tokenHash, String token, String correlationId) {
        // what another provider says of the same token, or this one said before it was changed, is of no concern
        String hash = provider.id() + "/" + provider.revision() + "/" + tokenHash;
        Instant now = clock.instant();
        BearerCache.Entry entry = cache.find(hash);
        if (entry != null && entry.freshAt(now, BearerCache.FRESH)) {
            return good(entry, hash, now);
        }
        if (refused.contains(hash, now)) {
            return Optional.empty();
        }
        Semaphore door = entry != null ? regulars : knows(head.key()) ? strangers : strangeKeys;
        return through(door, () -> look(head, hash, token, correlationId));
    }

    /** Does something for a login, few at once. */
    <R> R login(Supplier<R> work) {
        return through(logins, work);
    }

    private Optional<Principal> look(JwtHead head, String hash, String token, String correlationId) {
        // while waiting, another caller with the same token may have looked
        Instant asked = clock.instant();
        BearerCache.Entry found = cache.find(hash);
        if (found != null && found.freshAt(asked, BearerCache.FRESH)) {
            return good(found, hash, asked);
        }
        if (refused.contains(hash, asked)) {
            return Optional.empty();
        }
        return switch (calls.validate(provider, token, correlationId)) {
            case Verdict.Verified verified
            when verified.issuer().equals(provider.description().issuer()) -> {
                learn(head.key());
                yield good(cache.put(hash, holder(verified, hash, asked), asked, cache.revocations()), hash, asked);
            }
            case Verdict ignored -> {
                cache.forget(hash);
                // one that may be good in a moment is asked about again
                if (!(ignored instanceof Verdict.Refused no && no.soon())) {
                    refused.add(hash, asked);
                }
                yield Optional.empty();
            }
        };
    }

    private Vouched holder(Verdict.Verified verified, String hash, Instant asked) {
        Principal principal = vouching.principal(
                provider.tenant(),
                Vouching.id(provider.name(), verified.subject()),
                verified.displayName(),
                Vouching.granted(provider, verified.roles()),
                verified.attributes(),
                verified.expiresAt());
        Instant expiresAt = verified.expiresAt();
        // an instance that allows for skewed clocks takes a token a little longer, and then for this once
        return new Vouched(hash, principal, expiresAt.isAfter(asked) ? expiresAt : asked.plus(MOMENT));
    }

    private static Optional<Principal> good(BearerCache.Entry entry, String hash, Instant now) {
        return entry.holder().goodAt(hash, now) ? Optional.of(entry.principal()) : Optional.empty();
    }

    private <R> R through(Semaphore door, Supplier<R> work) {
        boolean mine = false;
        try {
            mine = door.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw ProviderCalls.unavailable("too many ask it", null);
            }
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProviderCalls.unavailable("the server is stopping", e);
        } finally {
            if (mine) {
                door.release();
            }
        }
    }

    private boolean knows(String key) {
        synchronized (keys) {
            return keys.contains(key);
        }
    }

    private void learn(String key) {
        synchronized (keys) {
            keys.remove(key);
            keys.add(key);
            if (keys.size() > KNOWN_KEYS) {
                keys.removeFirst();
            }
        }
    }

    /**
     * Somebody with a token of the provider.
     *
     * @param id the hash of the token
     * @param principal whom it stands for
     * @param expiresAt until when
     */
    private record Vouched(String id, Principal principal, Instant expiresAt) implements Holder {
        @Override
        public boolean matches(String presented) {
            return Bearer.same(id, presented);
        }

        @Override
        public boolean goodAt(String presented, Instant now) {
            return now.isBefore(expiresAt);
        }
    }
}
