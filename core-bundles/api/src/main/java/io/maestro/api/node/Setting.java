package io.maestro.api.node;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the files of a profile may set; each has a default that works. */
public enum Setting {
    /** How long events are kept. */
    EVENTS_RETENTION_HOURS(
            "events.retentionHours", "24", new WholeNumber(1, 720), "how long events can be read, in hours"),
    /** How many streams of events a node serves. */
    EVENTS_STREAMS("events.streams", "1500", new WholeNumber(1, 10_000), "how many event streams a node serves"),
    /** How many of them one principal may have. */
    EVENTS_STREAMS_EACH(
            "events.streamsPerPrincipal", "64", new WholeNumber(1, 10_000), "how many of them one principal may have"),
    /** How many calls into one instance may run at once. */
    CALLS_CONCURRENT(
            "calls.concurrentPerInstance",
            "64",
            new WholeNumber(1, 10_000),
            "how many calls into one instance run at once"),
    /** How long a call may take when its caller names no limit. */
    CALLS_DEADLINE_SECONDS(
            "calls.deadlineSeconds",
            "30",
            new WholeNumber(1, 300),
            "how long a call may take unless its caller says otherwise"),
    /** How often instances are asked how they are. */
    PROBES_SECONDS(
            "probes.everySeconds", "30", new WholeNumber(5, 3_600), "how often instances are asked how they are"),
    /** How large a file of the log may get. */
    LOG_MEGABYTES("logging.fileMegabytes", "10", new WholeNumber(1, 1_000), "how large a file of the log gets"),
    /** How many files of the log are kept. */
    LOG_FILES("logging.files", "5", new WholeNumber(1, 100), "how many files of the log are kept"),
    /** Where traces are sent. */
    TRACES_URL(
            "traces.otlpUrl",
            "",
            new Text(
                    "|https?://(?:[A-Za-z0-9.-]{1,200}|\\[[0-9a-fA-F:.]{2,45}\\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._/-]{0,200})?"),
            "where a collector takes traces by OTLP over HTTP, like http://127.0.0.1:4318; empty for nowhere"),
    /** How many requests are traced. */
    TRACES_PERCENT("traces.percent", "100", new WholeNumber(0, 100), "how many of 100 requests are traced, by chance"),
    /** What people see as the name of the product. */
    BRAND_NAME("branding.name", "Maestro Conductor", new Text("[\\p{L}\\p{N} ._&-]{1,60}"), "the name that people see"),
    /** The colour of the console. */
    BRAND_ACCENT("branding.accent", "#0066cc", new Text("#[0-9a-f]{6}"), "the colour of the console, like #0066cc"),
    /** Where people get help. */
    BRAND_SUPPORT(
            "branding.supportUrl",
            "",
            new Text("|https://[A-Za-z0-9.-]{1,200}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._/-]{0,200})?"),
            "where people get help, by https; empty for nowhere");

    private final String key;
    private final String usual;

    @SuppressWarnings("ImmutableEnumChecker") // both kinds are records of immutable values
    private final Kind kind;

    private final String meaning;

    Setting(String key, String usual, Kind kind, String meaning) {
        this.key = key;
        this.usual = usual;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** What values it takes. */
    public sealed interface Kind {
        /** Whether it takes this one. */
        boolean takes(String value);

        /** The same for people. */
        String text();
    }

    /** A whole number within bounds. */
    public record WholeNumber(long least, long most) implements Kind {
        @Override
        public boolean takes(String value) {
            return value.matches("[0-9]{1,9}") && Long.parseLong(value) >= least && Long.parseLong(value) <= most;
        }

        @Override
        public String text() {
            return "a number from " + least + " to " + most;
        }
    }

    /** A text that looks so. */
    public record Text(String pattern) implements Kind {
        @Override
        public boolean takes(String value) {
            return Pattern.matches(pattern, value);
        }

        @Override
        public String text() {
            return "a text like " + pattern;
        }
    }

    /** The setting of this key. */
    public static Optional<Setting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /** All keys. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Setting::key).toList();
    }

    /** Section and name, with a dot between. */
    public String key() {
        return key;
    }

    /** What holds when nobody sets it. */
    public String usual() {
        return usual;
    }

    /** What values it takes. */
    public Kind kind() {
        return kind;
    }

    /** What it is, in a few words. */
    public String meaning() {
        return meaning;
    }
}
