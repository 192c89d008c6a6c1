package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;

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
    void keepsTheFileOneObjectPerLine() {
        assertThat(LogLine.json(record)).contains("\\u001b[2Jx\\n2026").doesNotContainPattern("\\p{Cntrl}");
    }
}
