package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.api.telemetry.LogFields;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.TenantId;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private final LogRecord record =
            new LogRecord(Level.WARNING, "dropped file \u001b[2Jx\n2026-01-01T00:00:00Z INFO all is well is refused");

    @Test
    void doesNotLetTextFromOutsideSteerTheTerminalOrForgeALine() {
        record.setThrown(new IllegalStateException("a\r\nb\u009b1m"));

        assertThat(LogLine.plain(record))
                .contains("dropped file ?[2Jx?2026", "a??b?1m")
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void tellsWhomALineConcerns() {
        carry(new LogFields(new TenantId("acme"), new Environment("prod"), new InstanceId("files"), "c-1"));

        assertThat(LogLine.json(record))
                .contains(
                        "\"tenant\":\"acme\",\"environment\":\"prod\",\"instance\":\"files\",\"correlationId\":\"c-1\"");
        assertThat(LogLine.plain(record)).contains("WARNING [acme/prod/files] dropped file");
    }

    @Test
    void doesNotRepeatToPeopleWhatTheMessageSays() {
        record.setMessage("instance acme/prod/files does not close");
        carry(new LogFields(new TenantId("acme"), new Environment("prod"), new InstanceId("files"), null));

        assertThat(LogLine.plain(record)).endsWith(" WARNING instance acme/prod/files does not close");
    }

    @Test
    void leavesOutTheFieldsOfALineThatConcernsNobody() {
        assertThat(LogLine.json(record)).doesNotContain("tenant", "environment", "instance", "correlationId");

        carry(new LogFields(null, null, null, null));

        assertThat(LogLine.json(record)).doesNotContain("tenant", "environment", "instance", "correlationId");
        assertThat(LogLine.plain(record)).contains("WARNING dropped file");
    }

    @Test
    void doesNotLetAFieldForgeAnother() throws IOException {
        carry(new LogFields(
                new TenantId("acme"), null, null, "\",\"tenant\":\"globex\"}\r\n{\"a\u0000\u007f\u009b\u2028\\"));
        record.setMessage("{0} \",\"tenant\":\"globex\"");

        String line = LogLine.json(record);

        assertThat(line).doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u2028]");
        JsonNode read = new ObjectMapper().readTree(line);
        assertThat(read.path("tenant").asText()).isEqualTo("acme");
        assertThat(read.path("message").asText()).isEqualTo("{0} \",\"tenant\":\"globex\"");
        assertThat(read.path("correlationId").asText()).contains("globex");
    }

    @Test
    void cutsWhatNobodyWouldRead() {
        record.setMessage("x".repeat(10_000_000));
        record.setThrown(new IllegalStateException("y".repeat(10_000_000)));

        assertThat(LogLine.json(record).length()).isLessThan(200_000);
        assertThat(LogLine.plain(record).length()).isLessThan(100_000);
    }

    private void carry(LogFields fields) {
        record.setResourceBundle(fields);
    }

    @Test
    void keepsTheFileOneObjectPerLine() {
        assertThat(LogLine.json(record)).contains("\\u001b[2Jx\\n2026").doesNotContainPattern("\\p{Cntrl}");
    }
}
