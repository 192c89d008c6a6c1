package io.maestro.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes log records: one JSON object each for machines, one line each for people. */
final class LogLine {
    private static final SimpleFormatter MESSAGES = new SimpleFormatter();

    /** What comes from outside must not steer the terminal, nor look like a line of its own. */
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}|[\\u0080-\\u009f\\u2028\\u2029]");

    private static final int FIRST_PRINTABLE = 0x20;

    private LogLine() {}

    static String json(LogRecord record) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"").append(record.getInstant()).append('"');
        field(line, "level", record.getLevel().getName());
        field(line, "logger", record.getLoggerName());
        field(line, "message", MESSAGES.formatMessage(record));
        line.append(",\"thread\":").append(record.getLongThreadID());
        Throwable thrown = record.getThrown();
        if (thrown != null) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            field(line, "error", trace.toString());
        }
        return line.append('}').toString();
    }

    static String plain(LogRecord record) {
        Instant time = record.getInstant().truncatedTo(ChronoUnit.SECONDS);
        Throwable thrown = record.getThrown();
        String line = time + " " + record.getLevel().getName() + " " + MESSAGES.formatMessage(record)
                + (thrown == null ? "" : " (" + thrown + ")");
        return CONTROLS.matcher(line).replaceAll("?");
    }

    private static void field(StringBuilder line, String name, @Nullable String value) {
        line.append(",\"").append(name).append("\":\"");
        String text = value == null ? "" : value;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        line.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
