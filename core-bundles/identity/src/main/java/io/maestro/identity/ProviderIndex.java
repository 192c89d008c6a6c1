package io.maestro.identity;

import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All providers in memory, as of five seconds ago at most. Reads take no lock unless the copy is too old. */
final class ProviderIndex {
    private static final System.Logger LOG = System.getLogger(ProviderIndex.class.getName());

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration RENEWED = Duration.ofSeconds(3);

    private final JooqProviders rows;
    private final Function<IdentityProvider, ProviderDesk> desks;
    private final InstantSource clock;
    private final Executor renewals;
    private final ReentrantLock loading = new ReentrantLock();
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile Copy copy = new Copy(Map.of(), Map.of(), Map.of(), Instant.EPOCH);

    /** Does nothing yet. */
    ProviderIndex(
            JooqProviders rows,
            Function<IdentityProvider, ProviderDesk> desks,
            InstantSource clock,
            Executor renewals) {
        this.rows = rows;
        this.desks = desks;
        this.clock = clock;
        this.renewals = renewals;
    }

    private record Copy(
            Map<String, ProviderDesk> byId,
            Map<String, List<ProviderDesk>> byIssuer,
            Map<Optional<TenantId>, List<ProviderDesk>> byTenant,
            Instant at) {
        boolean youngerThan(Duration limit, Instant now) {
            return now.isBefore(at.plus(limit)) && !now.isBefore(at.minusSeconds(1));
        }
    }

    /** The desks whose provider has this issuer, oldest first; several tenants may share one. */
    List<ProviderDesk> ofIssuer(String issuer) {
        return fresh().byIssuer().getOrDefault(issuer, List.of());
    }

    /** The desk of a provider that is there. */
    Optional<ProviderDesk> byId(String id) {
        return Optional.ofNullable(fresh().byId().get(id));
    }

    /** The desk of the provider of this name. */
    Optional<ProviderDesk> byName(@Nullable TenantId tenant, ProviderName name) {
        return of(tenant).stream()
                .filter(desk -> desk.provider().name().equals(name))
                .findFirst();
    }

    /** The desks of one tenant's providers, or of the installation's when null. */
    List<ProviderDesk> of(@Nullable TenantId tenant) {
        return fresh().byTenant().getOrDefault(Optional.ofNullable(tenant), List.of());
    }

    /** Looks again, after a change of this node's own. Blocks. */
    void reload() {
        load(true);
    }

    private Copy fresh() {
        Copy known = copy;
        Instant now = clock.instant();
        if (!known.youngerThan(FRESH, now)) {
            return load(false);
        }
        if (!known.youngerThan(RENEWED, now) && renewing.compareAndSet(false, true)) {
            renewals.execute(this::renew);
        }
        return known;
    }

    private void renew() {
        try {
            load(true);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot renew what is known of identity providers", e);
        } finally {
            renewing.set(false);
        }
    }

    private Copy load(boolean anyway) {
        loading.lock();
        try {
            Instant now = clock.instant();
            Copy known = copy;
            if (!anyway && known.youngerThan(FRESH, now)) {
                return known;
            }
            Map<String, ProviderDesk> byId = new HashMap<>();
            List<ProviderDesk> all = rows.all().stream()
                    .map(provider -> {
                        ProviderDesk before = known.byId().get(provider.id());
                        // one that did not change keeps what it knows of its tokens
                        return before != null && before.provider().equals(provider) ? before : desks.apply(provider);
                    })
                    .toList();
            all.forEach(desk -> byId.put(desk.id(), desk));
            Copy loaded = new Copy(
                    byId,
                    all.stream()
                            .collect(Collectors.groupingBy(
                                    desk -> desk.provider().description().issuer())),
                    all.stream()
                            .collect(Collectors.groupingBy(
                                    desk -> Optional.ofNullable(desk.provider().tenant()))),
                    now);
            copy = loaded;
            return loaded;
        } finally {
            loading.unlock();
        }
    }
}
