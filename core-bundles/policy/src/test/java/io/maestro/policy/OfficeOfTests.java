package io.maestro.policy;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The engine on a real database, with a small pack, a clock that the test sets, and persons that are made up. */
final class OfficeOfTests implements AutoCloseable {
    static final Scope ACME = Scope.of("acme", "prod");
    static final Scope GLOBEX = Scope.of("globex", "prod");
    static final Recorder.Pace QUICK =
            new Recorder.Pace(1_000, Duration.ofMillis(1), 100, Duration.ofMillis(50), Duration.ofHours(1));

    /** The pack, by file. A rule for each thing that can happen. */
    static final Map<String, String> PACK = Map.of(
            ".manifest",
            "{\"revision\":\"7\",\"roots\":[\"maestro\"]}",
            "adapter/install.rego",
            """
            # METADATA
            # title: Install
            package maestro.adapter.install

            default allow := false

            allow if "tenant_admin" in input.principal.roles

            # METADATA
            # title: Regions are chosen
            # custom:
            #   id: R-REGION
            #   remediation: Choose a region of the tenant.
            #   severity: high
            #   mode: enforce
            deny contains reason if {
            	some tenant in [input.scope.tenant]
            	regions := data.settings.tenants[tenant].regions
            	not input.configuration.region in regions
            	reason := of(rego.metadata.rule(), sprintf("the region %s is none of %s", [input.configuration.region, tenant]), {"region": input.configuration.region})
            }

            # METADATA
            # title: High risk takes two
            # custom:
            #   id: R-RISK
            #   remediation: Ask for an approval.
            #   severity: critical
            #   mode: enforce
            require_approval contains reason if {
            	input.adapter.adapter_risk_level == "high"
            	reason := of(rego.metadata.rule(), "the adapter is of high risk", {"risk": "high"})
            }

            # METADATA
            # title: Old versions are told of
            # custom:
            #   id: R-OLD
            #   severity: low
            #   mode: warn
            deny contains reason if {
            	input.adapter.version == "0.1.0"
            	reason := of(rego.metadata.rule(), "the version is old", {})
            }

            of(annotation, message, facts) := {
            	"rule": annotation.custom.id,
            	"title": annotation.title,
            	"message": message,
            	"facts": facts,
            	"remediation": object.get(annotation.custom, "remediation", null),
            	"severity": annotation.custom.severity,
            	"mode": annotation.custom.mode,
            }
            """,
            "adapter/call.rego",
            """
            package maestro.adapter.call

            default allow := false

            allow if input.operation != "forbidden"
            """,
            "adapter/start.rego",
            """
            package maestro.adapter.start

            default allow := false

            allow if input.time != ""
            """,
            "approval/decide.rego",
            """
            package maestro.approval.decide

            default allow := false

            allow if "tenant_admin" in input.principal.roles
            """,
            "act.rego",
            """
            package maestro.act

            default allow := false

            allow if {
            	"platform_admin" in input.principal.roles
            	startswith(input.action, "policy")
            }
            """,
            "adapter/stop.rego",
            """
            package maestro.adapter.stop

            default allow := true

            endless contains x if some x in numbers.range(1, 100000000)
            """,
            "adapter/upgrade.rego",
            """
            package maestro.adapter.upgrade

            default allow := true

            deny := {"not": "a set"}
            """);

    final PostgresDatabase database;
    final PolicyOffice office;
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-05-05T05:05:05.123456Z"));
    final Map<String, String> makers = new ConcurrentHashMap<>();
    final Map<String, Long> counts = new ConcurrentHashMap<>();

    OfficeOfTests(TestDatabase rows) {
        this(rows, PACK, QUICK);
    }

    OfficeOfTests(TestDatabase rows, Map<String, String> pack, Recorder.Pace pace) {
        this(rows, pack, pace, new PlainBundles());
    }

    OfficeOfTests(TestDatabase rows, Map<String, String> pack, Recorder.Pace pace, BundleFormat format) {
        this(rows, pack, pace, format, null);
    }

    /** One whose packs are elsewhere. */
    OfficeOfTests(TestDatabase rows, PolicyEngine elsewhere) {
        this(rows, PACK, QUICK, new PlainBundles(), elsewhere);
    }

    private OfficeOfTests(
            TestDatabase rows,
            Map<String, String> pack,
            Recorder.Pace pace,
            BundleFormat format,
            @Nullable PolicyEngine elsewhere) {
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        office = new PolicyOffice(
                new PolicyOffice.Surroundings(
                        database,
                        database,
                        new OpenSeal(),
                        OfficeOfTests::requireKnown,
                        this::behind,
                        new Counting(counts),
                        () -> BuiltIn.of(pack),
                        format,
                        elsewhere,
                        "internal",
                        now::get),
                pace);
    }

    private static void requireKnown(TenantId tenant) {
        if (!List.of("acme", "globex").contains(tenant.value())) {
            throw Problem.of(TenancyProblem.TENANT_UNKNOWN, "there is no tenant " + tenant, null)
                    .asException();
        }
    }

    private String behind(String principal) {
        String maker = makers.get(principal);
        return maker == null ? principal : behind(maker);
    }

    Governance governance() {
        return office.governance();
    }

    /** A tenant admin of acme. */
    static Actor admin(String id) {
        return admin(id, null);
    }

    static Actor admin(String id, @Nullable String approval) {
        return new Actor(
                id,
                "request-1",
                new Standing(List.of("tenant_admin"), ACME.tenant(), null, Map.of(), null),
                approval,
                null);
    }

    static Actor of(String id, String role) {
        return new Actor(id, "request-2").with(new Standing(List.of(role), null, null, Map.of(), null));
    }

    /** Installing an adapter in acme. */
    static PolicyInput install(Actor actor, String version, String risk, String region) {
        Map<String, Json> more = new HashMap<>();
        more.put("adapter", Json.object(Map.of("name", "files", "version", version, "adapter_risk_level", risk)));
        more.put("configuration", Json.object(Map.of("region", region)));
        return PolicyInput.in(
                ACME, EntryPoint.ADAPTER_INSTALL, "instance.create", actor, "adapter-instance", "files", more);
    }

    static PolicyInput call(Actor actor, String operation) {
        return PolicyInput.in(
                ACME,
                EntryPoint.ADAPTER_CALL,
                "operation.call",
                actor,
                "adapter-instance",
                "files",
                Map.of("operation", new Json("\"" + operation + "\"")));
    }

    static PolicyInput act(EntryPoint entryPoint, Actor actor, Scope scope) {
        return PolicyInput.in(scope, entryPoint, "thing.change", actor, "thing", "one", Map.of());
    }

    /** All that was recorded, the newest first. */
    List<Decisions.Recorded> recorded(@Nullable TenantId tenant) {
        return office.decisions()
                .decisions(new Decisions.Filter(tenant, null, null, null, null, null), new PageRequest(500, null))
                .items();
    }

    static Environment prod() {
        return ACME.environment();
    }

    Instant time() {
        return java.util.Objects.requireNonNull(now.get());
    }

    long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    @Override
    public void close() {
        office.close();
        database.close();
    }

    /** Turns bytes round, so that they do not lie open. */
    private record OpenSeal() implements PlatformSeal {
        @Override
        public byte[] seal(String purpose, byte[] plain) {
            byte[] turned = new byte[plain.length];
            for (int i = 0; i < plain.length; i++) {
                turned[i] = (byte) ~plain[i];
            }
            return turned;
        }

        @Override
        public Optional<byte[]> open(String purpose, byte[] sealed) {
            return Optional.of(seal(purpose, sealed));
        }
    }

    /** Counts by name, with tag values behind it. */
    private record Counting(Map<String, Long> counts) implements Metrics {
        @Override
        public Counter counter(String name, String help, String... tags) {
            StringBuilder key = new StringBuilder(name);
            for (int i = 1; i < tags.length; i += 2) {
                key.append(' ').append(tags[i]);
            }
            return count -> counts.merge(key.toString(), count, Long::sum);
        }

        @Override
        public Timer timer(String name, String help, String... tags) {
            return nanos -> {};
        }

        @Override
        public Gauge gauge(String name, String help, java.util.function.DoubleSupplier value, String... tags) {
            return () -> {};
        }

        @Override
        public void forget(String... tags) {
            // nothing is kept for long
        }

        @Override
        public void write(Appendable out, Format format, Selection selection) {
            // nobody reads it
        }
    }
}
