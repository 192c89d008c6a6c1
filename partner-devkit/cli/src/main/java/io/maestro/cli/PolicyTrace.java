package io.maestro.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.rego.error.Location;
import io.maestro.rego.trace.Observer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Notes what one evaluation does, what it costs, and what it prints. */
final class PolicyTrace implements Observer {
    private static final int MOST_LINES = 5_000;
    private static final int MOST_PRINTED = 1_000;

    /** A line of a trace, from the left: what, then where. */
    private static final Pattern PLACE = Pattern.compile("^(.*) (\\S.*):(\\d+):(\\d+)$");

    private final Deque<String> lines = new ArrayDeque<>();
    private final List<String> printed = new ArrayList<>();
    private final Map<Location, Cost> costs = new HashMap<>();
    private @Nullable Cost current;
    private long since;

    private static final class Cost {
        private long times;
        private long nanos;
    }

    @Override
    public void enter(Location at) {
        charge(at).times++;
        line("  eval " + at);
    }

    @Override
    public void held(Location at) {
        charge(at);
        line("  held " + at);
    }

    @Override
    public void rule(String name, Location at) {
        charge(at).times++;
        line("rule " + name + " " + at);
    }

    @Override
    public void print(String text) {
        if (printed.size() < MOST_PRINTED) {
            printed.add(text);
        }
        line("print " + text);
    }

    /** The time until the next thing belongs to what began last. */
    private Cost charge(Location at) {
        long now = System.nanoTime();
        if (current != null) {
            current.nanos += now - since;
        }
        since = now;
        current = costs.computeIfAbsent(at, _ -> new Cost());
        return current;
    }

    private void line(String text) {
        if (lines.size() == MOST_LINES) {
            lines.removeFirst();
        }
        lines.addLast(text);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<String> printed() {
        return List.copyOf(printed);
    }

    /** What was evaluated how often and how long, the longest first. */
    ArrayNode profile() {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        Comparator<Map.Entry<Location, Cost>> longest = Comparator.comparingLong(entry -> -entry.getValue().nanos);
        costs.entrySet().stream()
                .sorted(longest)
                .forEach(entry -> items.add(JsonNodeFactory.instance
                        .objectNode()
                        .put("at", entry.getKey().toString())
                        .put("times", entry.getValue().times)
                        .put("micros", entry.getValue().nanos / 1_000)));
        return items;
    }

    /** The lines of a trace, each with the text that stands in its place. */
    static List<String> annotated(List<String> trace, Map<String, String> sources) {
        Map<String, List<String>> rows = new HashMap<>();
        return trace.stream()
                .map(line -> {
                    Matcher place = PLACE.matcher(line);
                    String source = place.matches() ? sources.get(place.group(2)) : null;
                    if (source == null) {
                        return Output.clean(line);
                    }
                    List<String> text = rows.computeIfAbsent(
                            place.group(2), _ -> source.lines().toList());
                    int row = Integer.parseInt(place.group(3));
                    return Output.clean(line
                            + (row > text.size()
                                    ? ""
                                    : "  | " + text.get(row - 1).strip()));
                })
                .toList();
    }

    /** The costliest places as a list that people read. */
    static ObjectNode list(ArrayNode profile, int most) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode items = list.putArray("items");
        for (int i = 0; i < Math.min(most, profile.size()); i++) {
            items.add(profile.get(i));
        }
        return list;
    }
}
