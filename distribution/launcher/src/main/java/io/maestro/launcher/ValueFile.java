package io.maestro.launcher;

import io.maestro.api.node.Setting;
import io.maestro.api.node.Values.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of values: sections with {@code key: value} beneath them, and comments. A part of YAML, read strictly: whatever is
 * not understood stops the start, with its line.
 */
final class ValueFile {
    private static final int LARGEST = 64 * 1024;
    private static final Pattern NOTHING = Pattern.compile("\\s*(#.*)?");
    private static final Pattern SECTION = Pattern.compile("([A-Za-z]{1,40}):\\s*(#.*)?");
    private static final Pattern TOP = Pattern.compile("([A-Za-z]{1,40}): +(\\S.*)");
    private static final Pattern ENTRY = Pattern.compile(" {2}([A-Za-z]{1,40}): +(\\S.*)");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"\\\\]*)\"\\s*(#.*)?");
    private static final Pattern PLAIN = Pattern.compile("([^\"'#&*!|>%@`\\[\\]{}][^#]*?)\\s*(\\s#.*)?");
    private static final String PROFILE = "profile";

    private final Path file;
    private final String name;
    private final Map<String, Value> values = new LinkedHashMap<>();

    private ValueFile(Path file) {
        this.file = file;
        this.name = String.valueOf(file.getFileName());
    }

    /**
     * Reads a file.
     *
     * @param profile whose file it has to be; null when it is for any
     * @return by key
     */
    static Map<String, Value> read(Path file, @Nullable String profile) throws LaunchFailure {
        ValueFile read = new ValueFile(file);
        read.read(profile);
        return read.values;
    }

    private void read(@Nullable String profile) throws LaunchFailure {
        List<String> lines;
        try {
            if (Files.size(file) > LARGEST) {
                throw new LaunchFailure(LaunchFailure.USAGE, file + " is larger than " + LARGEST + " bytes");
            }
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LaunchFailure(file + " cannot be read: " + e.getMessage(), e);
        }
        String section = null;
        String named = null;
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            Matcher entry = ENTRY.matcher(line);
            Matcher top = TOP.matcher(line);
            Matcher heading = SECTION.matcher(line);
            if (NOTHING.matcher(line).matches()) {
                continue;
            }
            if (heading.matches()) {
                section = heading.group(1);
                requireSection(number, section);
            } else if (top.matches() && top.group(1).equals(PROFILE) && profile != null && named == null) {
                named = scalar(number, top.group(2));
            } else if (entry.matches() && section != null) {
                put(number, section + "." + entry.group(1), scalar(number, entry.group(2)));
            } else {
                throw wrong(number, "this is neither a section nor a key with a value, indented by two spaces", null);
            }
        }
        if (profile != null && !profile.equals(named)) {
            throw new LaunchFailure(
                    LaunchFailure.USAGE, file + " says profile: " + named + " and should say profile: " + profile);
        }
    }

    private void requireSection(int line, String section) throws LaunchFailure {
        List<String> sections = Setting.keys().stream()
                .map(key -> key.substring(0, key.indexOf('.')))
                .distinct()
                .toList();
        if (!sections.contains(section)) {
            throw wrong(line, "there is no section \"" + section + "\"", closest(section, sections));
        }
    }

    private void put(int line, String key, String value) throws LaunchFailure {
        Setting setting = Setting.of(key).orElse(null);
        if (setting == null) {
            throw wrong(line, "there is no key \"" + key + "\"", closest(key, Setting.keys()));
        }
        if (!setting.kind().takes(value)) {
            throw wrong(line, key + " must be " + setting.kind().text() + ", not \"" + value + "\"", null);
        }
        Value fresh = new Value(key, value, name + ":" + line, setting.meaning());
        if (values.putIfAbsent(key, fresh) != null) {
            throw wrong(line, key + " is set twice", null);
        }
    }

    private String scalar(int line, String text) throws LaunchFailure {
        Matcher quoted = QUOTED.matcher(text);
        if (quoted.matches()) {
            return quoted.group(1);
        }
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            return plain.group(1);
        }
        throw wrong(line, "the value is neither a plain word nor a text in double quotes", null);
    }

    private LaunchFailure wrong(int line, String what, @Nullable String closest) {
        return new LaunchFailure(
                LaunchFailure.USAGE,
                file + ":" + line + ": " + what + (closest == null ? "" : "; did you mean \"" + closest + "\"?"));
    }

    /** The word that takes the fewest changes; null when all are too far away to be meant. */
    static @Nullable String closest(String word, List<String> words) {
        String best = null;
        int least = Math.max(2, word.length() / 3) + 1;
        for (String one : words) {
            int distance = distance(word, one);
            if (distance < least) {
                least = distance;
                best = one;
            }
        }
        return best;
    }

    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(change, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[other.length()];
    }
}
