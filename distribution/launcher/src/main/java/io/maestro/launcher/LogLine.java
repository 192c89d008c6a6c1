package io.maestro.launcher;

import io.maestro.api.telemetry.LogFields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes log records, with the fields that they carry: one JSON object each for machines, one line each for people. */
final class LogLine {
    private static final SimpleFormatter MESSAGES = new SimpleFormatter();

    /** What comes from outside must not steer the terminal, nor look like a line of its own. */
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}|[\\u0080-\\u009f\\u2028\\u2029]");

    /** Enough for any stack trace that is read; what is longer quotes something from outside. */
    private static final int LONGEST = 64 * 1024;

    private LogLine() {}

    static String json(LogRecord record) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"").append(record.getInstant()).append('"');
        field(line, "level", record.getLevel().getName());
        field(line, "logger", record.getLoggerName());
        field(line, "message", MESSAGES.formatMessage(record));
        if (record.getResourceBundle() instanceof LogFields fields) {
            fields.forEach((name, value) -> field(line, name, value));
        }
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
        String message = MESSAGES.formatMessage(record);
        String line = time + " " + record.getLevel().getName() + place(record, message) + " " + message
                + (thrown == null ? "" : " (" + thrown + ")");
        return CONTROLS.matcher(cut(line)).replaceAll("?");
    }

    /** Where it belongs, unless the message says so by itself. */
    private static String place(LogRecord record, String message) {
        String place = record.getResourceBundle() instanceof LogFields fields ? fields.place() : "";
        return place.isEmpty() || message.contains(place) ? "" : " [" + place + "]";
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static boolean isControl(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    private static void field(StringBuilder line, String name, @Nullable String value) {
        line.append(",\"").append(name).append("\":\"");
        String text = value == null ? "" : cut(value);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isControl(c)) {
                        line.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
