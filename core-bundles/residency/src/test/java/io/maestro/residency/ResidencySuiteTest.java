package io.maestro.residency;

import static io.maestro.residency.Installation.content;
import static io.maestro.residency.Installation.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Rule;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations.Denials;
import io.maestro.api.residency.StorageLocations.DeniedWrite;
import io.maestro.api.residency.StorageLocations.Location;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.residency.Storages.Stored;
import io.maestro.testing.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A thousand random writes of several tenants, regions and backends, while tenants' regions, routes and what backends report
 * change. A model that knows nothing of the engine says of each what has to become of it; at the end the storages themselves are
 * looked into.
 */
final class ResidencySuiteTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final int WRITES = 1_000;
    private static final long SEED = Long.getLong("residency.seed", 20_261_128);
    private static final List<String> REGIONS = List.of("eu-central-1", "eu-west-1", "us-east-1", "ap-south-1");
    private static final List<Scope> SCOPES = List.of(
            Scope.of("acme", "dev"),
            Scope.of("acme", "prod"),
            Scope.of("globex", "dev"),
            Scope.of("globex", "prod"),
            Scope.of("initech", "prod"),
            Scope.of("umbrella", "dev"));

    private final Random random = new Random(SEED);
    private final Installation here = new Installation(POSTGRES);

    /** What stands where, as the model has it: never asked of the engine. */
    private final Map<Backend, String> truth = new HashMap<>();

    private final Map<Backend, String> reported = new HashMap<>();
    private final Map<Way, String> routes = new HashMap<>();
    private final Map<Named, Kept> items = new TreeMap<>();
    private final List<String> denied = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    private record Backend(Scope scope, String instance) {}

    private record Way(Scope scope, String region) {}

    private record Named(String scope, String key) implements Comparable<Named> {
        @Override
        public int compareTo(Named other) {
            int first = scope.compareTo(other.scope);
            return first == 0 ? key.compareTo(other.key) : first;
        }
    }

    private record Kept(String region, String instance, String text) {}

    @Test
    void noneOfAThousandWritesGoesToTheWrongPlaceAndEveryDenialHasADecisionAndAnEvent() throws SQLException {
        RouterTest.empty(POSTGRES);
        here.tenants.others.add(new TenantId("initech"));
        here.tenants.others.add(new TenantId("umbrella"));
        try (here) {
            backends();
            for (int i = 0; i < WRITES; i++) {
                if (random.nextInt(4) == 0) {
                    change(i);
                }
                write(i);
            }
            here.residency.sweeper().sweep();
            everythingIsInItsPlace();
            everyDenialHasADecisionAndAnEvent();
        }
        // a suite that never came to one of them would prove nothing
        assertThat(outcomes)
                .as("seed " + SEED)
                .containsKeys("stored", "policy-denied", "storage-route-unknown", "data-in-other-region")
                .allSatisfy((outcome, count) -> assertThat(count).as(outcome).isGreaterThan(20));
    }

    /** Two in each region: one that tells its region, and one that does not. */
    private void backends() {
        for (Scope scope : SCOPES) {
            for (String region : REGIONS) {
                for (boolean tells : new boolean[] {true, false}) {
                    Backend backend = new Backend(scope, region + (tells ? "-s3" : "-azure"));
                    truth.put(backend, region);
                    report(backend, tells ? region : null);
                }
            }
        }
    }

    private void report(Backend backend, @Nullable String region) {
        if (region == null) {
            reported.remove(backend);
        } else {
            reported.put(backend, region);
        }
        here.storages.instance(backend.scope(), backend.instance(), region);
    }

    private void change(int i) {
        Scope scope = any(SCOPES);
        switch (random.nextInt(4)) {
            case 0 -> regionsOfTenant(scope.tenant());
            case 1, 2 -> route(scope, i);
            default -> {
                // whoever runs a backend that tells its region has moved it, or moves it back
                Backend backend = new Backend(scope, any(REGIONS) + "-s3");
                String home = truth.get(backend);
                report(backend, random.nextInt(3) == 0 ? any(REGIONS) : home);
            }
        }
    }

    private void regionsOfTenant(TenantId tenant) {
        if (random.nextInt(3) == 0) {
            here.governors.regions.remove(tenant);
        } else {
            Set<String> allowed = new HashSet<>(REGIONS);
            allowed.remove(any(REGIONS));
            here.governors.regions.put(tenant, allowed);
        }
    }

    /** A backend that tells nothing is declared truthfully, for nobody could know better; one that tells is declared anyhow. */
    private void route(Scope scope, int i) {
        boolean tells = random.nextBoolean();
        Backend backend = new Backend(scope, any(REGIONS) + (tells ? "-s3" : "-azure"));
        String home = Objects.requireNonNull(truth.get(backend));
        String region = tells && random.nextBoolean() ? any(REGIONS) : home;
        if (tells && !region.equals(home) && region.equals(reported.get(backend))) {
            // it is there by its own word, and only the model thinks otherwise
            return;
        }
        String expected = fits(scope, backend, region) ? "routed" : "policy-denied";
        String outcome = outcome(
                "route-" + i,
                actor -> here.residency
                        .router()
                        .put(
                                scope,
                                new Region(region),
                                Installation.EVIDENCE,
                                new InstanceId(backend.instance()),
                                actor),
                "routed");
        assertThat(outcome)
                .as("route of %s in %s to %s, seed %s", region, scope, backend, SEED)
                .isEqualTo(expected);
        if (outcome.equals("routed")) {
            routes.put(new Way(scope, region), backend.instance());
        }
    }

    private void write(int i) {
        Scope scope = any(SCOPES);
        String region = any(REGIONS);
        String key = "k" + random.nextInt(60);
        String text = "write " + i;
        Named named = new Named(scope.toString(), key);
        String instance = routes.get(new Way(scope, region));
        Kept before = items.get(named);
        String expected;
        if (instance == null) {
            expected = "storage-route-unknown";
        } else if (!fits(scope, new Backend(scope, instance), region)) {
            expected = "policy-denied";
        } else if (before != null && !before.region().equals(region)) {
            expected = "data-in-other-region";
        } else {
            expected = "stored";
        }
        String outcome = outcome(
                "write-" + i,
                actor -> here.residency.router().put(scope, name(key), new Region(region), content(text), actor),
                "stored");
        assertThat(outcome)
                .as("write %s of %s in %s, seed %s", i, region, scope, SEED)
                .isEqualTo(expected);
        outcomes.merge(outcome, 1, Integer::sum);
        if (outcome.equals("stored") && instance != null) {
            items.put(named, new Kept(region, instance, text));
        }
    }

    private boolean fits(Scope scope, Backend backend, String region) {
        Set<String> allowed = here.governors.regions.get(scope.tenant());
        return region.equals(reported.getOrDefault(backend, region)) && (allowed == null || allowed.contains(region));
    }

    @FunctionalInterface
    private interface Act {
        Object by(Actor actor);
    }

    private String outcome(String request, Act act, String good) {
        try {
            var _ = act.by(new Actor("token:suite", request));
            return good;
        } catch (ProblemException e) {
            if (e.problem().code().equals("policy-denied")) {
                denied.add(request);
            }
            return e.problem().code();
        }
    }

    private void everythingIsInItsPlace() {
        Map<Backend, Set<String>> wanted = new HashMap<>();
        items.forEach((named, kept) -> {
            Scope scope = SCOPES.stream()
                    .filter(one -> one.toString().equals(named.scope()))
                    .findFirst()
                    .orElseThrow();
            Backend backend = new Backend(scope, kept.instance());
            assertThat(truth.get(backend)).as(named + " is in " + kept.region()).isEqualTo(kept.region());
            wanted.computeIfAbsent(backend, any -> new HashSet<>()).add(kept.text());
        });
        for (Backend backend : truth.keySet()) {
            Map<String, Stored> held = here.storages.held(backend.scope(), backend.instance());
            assertThat(held.values().stream().map(stored -> new String(stored.bytes(), UTF_8)))
                    .as(backend.toString())
                    .containsExactlyInAnyOrderElementsOf(wanted.getOrDefault(backend, Set.of()));
            assertThat(held.values())
                    .allSatisfy(stored ->
                            assertThat(stored.metadata()).containsEntry("maestro-region", truth.get(backend)));
        }
        for (Scope scope : SCOPES) {
            Map<String, Long> counted = new TreeMap<>();
            items.forEach((named, kept) -> {
                if (named.scope().equals(scope.toString())) {
                    counted.merge(kept.instance(), 1L, Long::sum);
                }
            });
            assertThat(here.residency.locations(scope.tenant()).stream()
                            .filter(location -> location.environment().equals(scope.environment()))
                            .collect(Collectors.toMap(one -> one.instance().value(), Location::items)))
                    .isEqualTo(counted);
        }
    }

    private void everyDenialHasADecisionAndAnEvent() {
        List<DeniedWrite> rows = new ArrayList<>();
        for (TenantId tenant : SCOPES.stream().map(Scope::tenant).distinct().toList()) {
            Page<DeniedWrite> page = here.residency.deniedWrites(tenant, Denials.ALL, new PageRequest(500, null));
            while (true) {
                rows.addAll(page.items());
                if (page.next() == null) {
                    break;
                }
                page = here.residency.deniedWrites(tenant, Denials.ALL, new PageRequest(500, page.next()));
            }
        }
        assertThat(rows).extracting(DeniedWrite::correlationId).containsExactlyInAnyOrderElementsOf(denied);
        assertThat(rows)
                .allSatisfy(row -> assertThat(here.governors.decisions).containsEntry(row.decision(), false))
                .extracting(DeniedWrite::decision)
                .doesNotHaveDuplicates();
        assertThat(here.governors.events)
                .allSatisfy(event -> assertThat(event.rule()).isEqualTo(Rule.RESIDENCY))
                .extracting(Governors.Event::correlationId)
                .containsExactlyInAnyOrderElementsOf(denied);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
