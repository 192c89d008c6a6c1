package io.maestro.events.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.adapters.InstanceHealth.BreakerState;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.InstanceHealth.Sign;
import io.maestro.api.adapters.InstanceHealth.Window;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.events.Alerts.Alert;
import io.maestro.api.events.Alerts.Filter;
import io.maestro.api.events.Alerts.Severity;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AlertWatchTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId FILES = new InstanceId("files");
    private static final TypeName STORAGE = new TypeName("storage");

    private final PostgresDatabase database = PostgresDatabase.open(
            new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
    private final List<Sign> signs = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:00:00Z");
    private Position start = Position.START;
    private AlertWatch watch;

    @BeforeEach
    void begin() {
        database.migrate(JooqAlerts.MIGRATIONS);
        database.noteAsPlatform(sql -> sql.execute("delete from events.alert"));
        start = database.end();
        watch = node("node-1");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private AlertWatch node(String name) {
        return new AlertWatch(
                new JooqAlerts(database, database, name),
                () -> List.copyOf(signs),
                Rules.USUAL,
                () -> now,
                Metrics.NONE);
    }

    private static Sign errors(String type, long requests, long errors) {
        return new Sign(
                ACME,
                FILES,
                new TypeName(type),
                true,
                Observed.RUNNING,
                BreakerState.CLOSED,
                ProbeState.UP,
                new Window(5, requests, errors, 0, 1.0, 2.0, 3.0));
    }

    private static Sign probe(ProbeState state) {
        return new Sign(
                ACME,
                FILES,
                STORAGE,
                true,
                Observed.RUNNING,
                BreakerState.CLOSED,
                state,
                new Window(5, 0, 0, 0, null, null, null));
    }

    private void after(int seconds, Sign... seen) {
        now = now.plusSeconds(seconds);
        signs.clear();
        signs.addAll(List.of(seen));
        watch.look();
    }

    private List<String> raised() {
        return watch.alerts(Filter.of(ACME.tenant()), PageRequest.first()).items().stream()
                .map(Alert::rule)
                .toList();
    }

    private List<String> told() {
        return database.after(start, 100).stream().map(Recorded::action).toList();
    }

    @Test
    void isRaisedOnceARuleHasHeldForLongEnough() {
        after(0, errors("storage", 100, 20));
        assertThat(raised()).isEmpty();
        after(45, errors("storage", 100, 25));
        assertThat(raised()).isEmpty();
        assertThat(told()).isEmpty();

        after(20, errors("storage", 100, 30));

        Alert alert = watch.alerts(Filter.of(ACME.tenant()), PageRequest.first())
                .items()
                .getFirst();
        assertThat(alert.rule()).isEqualTo("error-rate");
        assertThat(alert.severity()).isEqualTo(Severity.WARNING);
        assertThat(alert.node()).isEqualTo("node-1");
        assertThat(alert.text()).isEqualTo("30 of 100 calls failed in the last 5 minutes");
        assertThat(alert.since()).isEqualTo(now.minusSeconds(65));
        assertThat(told()).containsExactly("alert.raise");
        Recorded event = database.after(start, 100).getFirst();
        assertThat(event.actor()).isNull();
        assertThat(event.subject()).isEqualTo("files");
        assertThat(Objects.requireNonNull(event.detail()).text())
                .isEqualTo(
                        "{\"rule\":\"error-rate\",\"adapterType\":\"storage\",\"severity\":\"warning\","
                                + "\"text\":\"30 of 100 calls failed in the last 5 minutes\",\"since\":\"2026-01-02T03:00:00Z\"}");
    }

    @Test
    void whatDoesNotLastIsNone() {
        after(0, errors("storage", 100, 20));
        after(30, errors("storage", 100, 3));
        after(40, errors("storage", 100, 20));
        after(30, errors("storage", 100, 20));

        assertThat(raised()).isEmpty();
        assertThat(told()).isEmpty();
    }

    @Test
    void isClearedOnceItHasBeenOverForLongEnough() {
        after(0, errors("storage", 100, 20));
        after(61, errors("storage", 100, 20));
        // between the two bounds nothing changes, however long
        after(600, errors("storage", 100, 7));
        assertThat(raised()).containsExactly("error-rate");

        after(15, errors("storage", 100, 1));
        after(100, errors("storage", 100, 1));
        assertThat(raised()).containsExactly("error-rate");
        // it was not over
        after(10, errors("storage", 100, 20));
        after(15, errors("storage", 100, 1));
        after(119, errors("storage", 100, 1));
        assertThat(raised()).containsExactly("error-rate");
        assertThat(told()).containsExactly("alert.raise");

        after(2, errors("storage", 100, 1));

        assertThat(raised()).isEmpty();
        assertThat(told()).containsExactly("alert.raise", "alert.clear");
    }

    @Test
    void fewCallsTellNothing() {
        after(0, errors("storage", 19, 19));
        after(61, errors("storage", 19, 19));

        assertThat(raised()).isEmpty();
    }

    @Test
    void aTypeWithARuleOfItsOwnHasThatOneOnly() {
        after(0, errors("identity", 100, 6));
        after(61, errors("identity", 100, 6));

        List<Alert> found = watch.alerts(Filter.all(), PageRequest.first()).items();
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().severity()).isEqualTo(Severity.CRITICAL);
        assertThat(found.getFirst().type()).isEqualTo(new TypeName("identity"));
    }

    @Test
    void tellsOfAProbeThatFailsABreakerThatIsOpenAndAnInstanceThatCannotRun() {
        Sign sign = new Sign(
                ACME,
                FILES,
                STORAGE,
                true,
                Observed.FAILED,
                BreakerState.OPEN,
                ProbeState.DOWN,
                new Window(5, 50, 0, 0, 1.0, 2.0, 20_000.0));
        after(0, sign);
        after(121, sign);
        after(1, sign);

        assertThat(raised()).containsExactly("breaker-open", "latency", "not-running", "probe-failing");
    }

    @Test
    void aRestartForgetsNothing() {
        after(0, probe(ProbeState.DOWN));
        watch = node("node-1");
        after(61, probe(ProbeState.DOWN));
        assertThat(raised()).containsExactly("probe-failing");
        watch = node("node-1");
        after(15, probe(ProbeState.DOWN));

        assertThat(told()).containsExactly("alert.raise");
    }

    @Test
    void isOverWithTheInstance() {
        after(0, probe(ProbeState.DOWN));
        after(61, probe(ProbeState.DOWN));
        after(15);

        assertThat(raised()).isEmpty();
        assertThat(told()).containsExactly("alert.raise", "alert.clear");
    }

    @Test
    void whatANodeThatHasGoneWatchedIsForgottenByAnother() {
        after(0, probe(ProbeState.DOWN));
        after(61, probe(ProbeState.DOWN));
        watch = node("node-2");
        after(300);
        assertThat(raised()).containsExactly("probe-failing");

        after((int) Duration.ofMinutes(10).toSeconds());

        assertThat(raised()).isEmpty();
        assertThat(told()).containsExactly("alert.raise", "alert.clear");
    }

    @Test
    void isRaisedAnewWhenAnotherNodeThoughtThisOneGone() {
        after(0, probe(ProbeState.DOWN));
        after(61, probe(ProbeState.DOWN));
        AlertWatch here = watch;
        watch = node("node-2");
        after((int) Duration.ofMinutes(11).toSeconds());
        assertThat(raised()).isEmpty();

        watch = here;
        after(61, probe(ProbeState.DOWN));
        after(15, probe(ProbeState.DOWN));
        after(61, probe(ProbeState.DOWN));

        assertThat(raised()).containsExactly("probe-failing");
        assertThat(told()).containsExactly("alert.raise", "alert.clear", "alert.raise");
    }

    @Test
    void aTenantSeesItsOwnAndPagesGoOn() {
        Sign files = probe(ProbeState.DOWN);
        Sign more = new Sign(
                ACME,
                new InstanceId("more"),
                STORAGE,
                true,
                Observed.RUNNING,
                BreakerState.CLOSED,
                ProbeState.DOWN,
                files.last());
        Sign foreign = new Sign(
                Scope.of("globex", "prod"),
                FILES,
                STORAGE,
                true,
                Observed.RUNNING,
                BreakerState.CLOSED,
                ProbeState.DOWN,
                files.last());
        after(0, files, more, foreign);
        after(61, files, more, foreign);

        Page<Alert> first = watch.alerts(Filter.of(ACME.tenant()), new PageRequest(1, null));
        Page<Alert> second = watch.alerts(Filter.of(ACME.tenant()), new PageRequest(1, first.next()));
        assertThat(first.items().getFirst().instance()).isEqualTo(FILES);
        assertThat(second.items().getFirst().instance()).isEqualTo(new InstanceId("more"));
        assertThat(second.next()).isNull();
        assertThat(watch.alerts(Filter.of(new TenantId("globex")), PageRequest.first())
                        .items())
                .hasSize(1);
        assertThat(watch.alerts(Filter.all(), PageRequest.first()).items()).hasSize(3);
        assertThat(watch.alerts(new Filter(ACME.tenant(), null, FILES), PageRequest.first())
                        .items())
                .singleElement()
                .satisfies(one -> assertThat(one.instance()).isEqualTo(FILES));
        assertThat(watch.alerts(new Filter(ACME.tenant(), new Environment("other"), FILES), PageRequest.first())
                        .items())
                .isEmpty();
    }

    @Test
    void rulesAreShownInWords() {
        assertThat(watch.rules())
                .filteredOn(rule -> rule.rule().equals("error-rate") && rule.type() == null)
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.raisedWhen()).isEqualTo("10 % of at least 20 calls in 5 minutes fail");
                    assertThat(rule.clearedWhen()).isEqualTo("less than 5 % do");
                });
    }
}
