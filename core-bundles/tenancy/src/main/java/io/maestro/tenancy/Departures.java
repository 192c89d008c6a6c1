package io.maestro.tenancy;

import io.maestro.api.tenancy.Offboarding;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Sees tenants out. Everything is in the rows: what was begun is gone on with by whichever node looks next, and every step
 * may be done twice.
 */
final class Departures implements Offboarding {
    private static final System.Logger LOG = System.getLogger(Departures.class.getName());

    private final Tenants tenants;
    private final JooqDepartures rows;
    private final Holdings holdings;
    /** What the log says of each tenant that leaves. */
    private final Map<TenantId, String> waits = new ConcurrentHashMap<>();

    private volatile Set<TenantId> refused = Set.of();

    Departures(Tenants tenants, JooqDepartures rows, Holdings holdings) {
        this.tenants = tenants;
        this.rows = rows;
        this.holdings = holdings;
    }

    @Override
    public Departure plan(TenantId tenant) {
        return rows.find(tenant).map(this::departure).orElseGet(() -> {
            tenants.tenant(tenant);
            List<Part> parts = new ArrayList<>();
            Set<String> names = holdings.engines();
            Map<String, Map<String, Long>> counts = holdings.count(tenant, null);
            names.addAll(counts.keySet());
            names.forEach(name -> parts.add(new Part(name, false, counts.getOrDefault(name, Map.of()))));
            return new Departure(tenant, Stage.PLANNED, parts);
        });
    }

    @Override
    public Departure begin(TenantId tenant, String confirmation, Actor actor) {
        Optional<JooqDepartures.Row> gone = rows.find(tenant).filter(JooqDepartures.Row::finished);
        if (gone.isPresent()) {
            // whoever asks again until nothing is left has to be told
            return departure(gone.get());
        }
        tenants.tenant(tenant);
        if (!confirmation.equals(tenant.value())) {
            throw Problem.of(
                            TenancyProblem.OFFBOARDING_UNCONFIRMED,
                            "the confirmation is not the name of the tenant",
                            "Look at the plan first (dryRun=true), then type the tenant's name as the confirmation.")
                    .asException();
        }
        rows.begin(tenant, holdings.engines(), actor);
        refuse(tenant);
        step(tenant);
        return departure(tenant);
    }

    @Override
    public Departure departure(TenantId tenant) {
        return rows.find(tenant)
                .map(this::departure)
                .orElseThrow(() -> Problem.of(
                                TenancyProblem.OFFBOARDING_UNKNOWN,
                                "the tenant \"" + tenant + "\" is not being offboarded",
                                "List the tenants.")
                        .asException());
    }

    @Override
    public boolean leaving(TenantId tenant) {
        return refused.contains(tenant);
    }

    /** Learns whom other nodes see out, and goes on with all that are not gone. Called again and again; never throws. */
    void look() {
        try {
            refused = rows.refused();
            holdings.remember();
            List<TenantId> unfinished = rows.unfinished();
            waits.keySet().retainAll(unfinished);
            unfinished.forEach(this::goOn);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "offboarding goes on with the next look", e);
        }
    }

    /** Whatever is wrong with one tenant, the others are gone on with. */
    private void goOn(TenantId tenant) {
        try {
            step(tenant);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "the offboarding of " + tenant + " goes on with the next look", e);
        }
    }

    private synchronized void refuse(TenantId tenant) {
        Set<TenantId> more = new HashSet<>(refused);
        more.add(tenant);
        refused = Set.copyOf(more);
    }

    private void step(TenantId tenant) {
        JooqDepartures.Row row = row(tenant);
        if (row.finished()) {
            return;
        }
        Set<String> engines = holdings.engines();
        if (!row.parts().keySet().containsAll(engines)) {
            // what came after it began may have something too, and is waited for by name when it is away again
            rows.join(tenant, engines);
            row = row(tenant);
        }
        Set<String> waitedFor = new TreeSet<>();
        row.parts().forEach((name, done) -> {
            if (!done) {
                waitedFor.add(name);
            }
        });
        waitedFor.remove(holdings.own().name());
        Set<String> away = new TreeSet<>(waitedFor);
        for (TenantHoldings engine : holdings.others()) {
            String name = engine.name();
            away.remove(name);
            if (Boolean.TRUE.equals(row.parts().get(name)) || erased(engine, row)) {
                waitedFor.remove(name);
            } else {
                waitedFor.add(name);
            }
        }
        tellOfWait(tenant, waitedFor, away);
        if (waitedFor.isEmpty()) {
            holdings.own().erase(tenant, row.actor());
        }
    }

    private JooqDepartures.Row row(TenantId tenant) {
        return rows.find(tenant).orElseThrow(() -> JooqTenants.unknown(tenant));
    }

    /** Once, and again when it changes: looks come every few seconds, for as long as an engine is away. */
    private void tellOfWait(TenantId tenant, Set<String> waitedFor, Set<String> away) {
        if (waitedFor.isEmpty()) {
            waits.remove(tenant);
            return;
        }
        String wait = waitedFor.stream()
                .map(name -> away.contains(name) ? name + " (does not run)" : name)
                .collect(Collectors.joining(", "));
        if (!wait.equals(waits.put(tenant, wait))) {
            LOG.log(Level.INFO, "the offboarding of " + tenant + " waits for " + wait);
        }
    }

    private boolean erased(TenantHoldings engine, JooqDepartures.Row row) {
        try {
            if (engine.erase(row.tenant(), row.actor())) {
                rows.done(row.tenant(), engine.name());
                return true;
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, engine.name() + " cannot erase the tenant " + row.tenant() + " yet", e);
        }
        return false;
    }

    private Departure departure(JooqDepartures.Row row) {
        Optional<Map<String, Map<String, Long>>> counts =
                row.finished() ? Optional.empty() : Optional.of(holdings.count(row.tenant(), null));
        List<Part> parts = new ArrayList<>();
        row.parts()
                .forEach((name, done) -> parts.add(new Part(
                        name,
                        done,
                        counts.map(now -> now.getOrDefault(name, Map.of())).orElse(Map.of()))));
        return new Departure(row.tenant(), row.finished() ? Stage.FINISHED : Stage.RUNNING, parts);
    }
}
