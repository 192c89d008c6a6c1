package io.maestro.api.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fields arrive where the log is written, by way of the JDK's own loggers. */
class ScopedLogTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final String NAME = "io.maestro.api.telemetry.test";

    private final List<LogRecord> records = new ArrayList<>();
    private final Logger written = Logger.getLogger(NAME);
    private final System.Logger target = System.getLogger(NAME);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        written.setUseParentHandlers(false);
        written.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        written.removeHandler(handler);
        written.setUseParentHandlers(true);
    }

    @Test
    void carriesWhatIsKnown() {
        ScopedLog.of(target, ACME, new InstanceId("files"), "c-1").log(Level.WARNING, "slow");

        assertThat(fields())
                .containsExactly(
                        Map.entry("tenant", "acme"),
                        Map.entry("environment", "prod"),
                        Map.entry("instance", "files"),
                        Map.entry("correlationId", "c-1"));
    }

    @Test
    void leavesOutWhatIsNot() {
        ScopedLog.of(target, new TenantId("acme"), null).log(Level.WARNING, "slow");
        assertThat(fields()).containsExactly(Map.entry("tenant", "acme"));

        records.clear();
        new ScopedLog(target, new LogFields(null, null, null, null)).log(Level.WARNING, "slow");
        assertThat(fields()).isEmpty();
    }

    @Test
    void keepsMessageAndFailureAsTheyAre() {
        IllegalStateException thrown = new IllegalStateException("broken");
        String message = "it's {0} {odd";

        ScopedLog.of(target, ACME).log(Level.WARNING, message, thrown);

        assertThat(new SimpleFormatter().formatMessage(records.getFirst())).isEqualTo(message);
        assertThat(records.getFirst().getThrown()).isSameAs(thrown);
    }

    @Test
    void writesNothingBelowTheLevelOfItsTarget() {
        ScopedLog log = ScopedLog.of(target, ACME);

        log.log(Level.TRACE, "detail");

        assertThat(log.isLoggable(Level.TRACE)).isFalse();
        assertThat(records).isEmpty();
    }

    @Test
    void cutsACorrelationIdThatIsTooLongToBeOne() {
        LogFields fields = new LogFields(null, null, null, "x".repeat(10_000));

        fields.forEach((name, value) -> assertThat(value).hasSize(100));
        assertThat(fields.place()).isEmpty();
    }

    private Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().getResourceBundle()).isInstanceOfSatisfying(LogFields.class, carried -> {
            carried.forEach(fields::put);
        });
        return fields;
    }
}
