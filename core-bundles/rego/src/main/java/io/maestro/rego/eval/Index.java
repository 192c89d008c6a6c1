package io.maestro.rego.eval;

import io.maestro.rego.eval.Demands.Place;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the definitions of a rule that can have a value at all, by the constants that they demand: a look-up for each place
 * instead of an attempt at each definition. What is left out could not have had a value, and the order stays.
 */
final class Index {
    /** With fewer definitions to tell apart, trying them is as quick. */
    private static final int LEAST = 3;

    /** One place after another. */
    private static final int MOST_PLACES = 3;

    /** A definition may stand in many branches; this bounds what that costs in memory. */
    private static final int MOST_COPIES = 24;

    /** A definition with what it demands. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(AlternativeCode[] definition, Map<Place, Set<Value>> demands) {}

    /** Either definitions, or the look-up that leads to them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Node(
            AlternativeCode[][] definitions,
            @Nullable Place place,
            Map<Value, Node> branches,
            @Nullable Node other) {}

    private final AlternativeCode[][] none = new AlternativeCode[0][];
    private final Node root;

    private Index(Node root) {
        this.root = root;
    }

    static Index of(List<Entry> entries) {
        return new Index(node(entries, 0, entries.size() * MOST_COPIES));
    }

    AlternativeCode[][] find(Context context, Value[] arguments) {
        Node node = root;
        while (node.place() != null) {
            context.meter().step();
            Value value = node.place().read(context, arguments);
            Node next = value == null || value.isCollection()
                    ? node.other()
                    : node.branches().getOrDefault(value, node.other());
            if (next == null) {
                return none;
            }
            node = next;
        }
        return node.definitions();
    }

    private static Node leaf(List<Entry> entries) {
        return new Node(
                entries.stream().map(Entry::definition).toArray(AlternativeCode[][]::new), null, Map.of(), null);
    }

    private static Node node(List<Entry> entries, int depth, int room) {
        Place place = depth < MOST_PLACES ? best(entries) : null;
        if (place == null) {
            return leaf(entries);
        }
        Set<Value> constants = new HashSet<>();
        entries.forEach(entry -> constants.addAll(entry.demands().getOrDefault(place, Set.of())));
        Map<Value, List<Entry>> parted = new LinkedHashMap<>();
        constants.forEach(constant -> parted.put(constant, new ArrayList<>()));
        List<Entry> rest = new ArrayList<>();
        int copies = 0;
        for (Entry entry : entries) {
            Set<Value> wanted = entry.demands().get(place);
            Entry left = without(entry, place);
            if (wanted == null) {
                rest.add(left);
            }
            for (Value constant : wanted == null ? constants : wanted) {
                List<Entry> branch = parted.get(constant);
                if (branch != null) {
                    branch.add(left);
                    copies++;
                }
            }
        }
        if (copies > room) {
            return leaf(entries);
        }
        int more = room - copies;
        Map<Value, Node> branches = new HashMap<>();
        parted.forEach((constant, each) ->
                branches.put(constant, node(each, depth + 1, more * each.size() / Math.max(1, entries.size()))));
        return new Node(new AlternativeCode[0][], place, branches, node(rest, depth + 1, more));
    }

    private static Entry without(Entry entry, Place place) {
        Map<Place, Set<Value>> demands = new LinkedHashMap<>(entry.demands());
        demands.remove(place);
        return new Entry(entry.definition(), demands);
    }

    /** The place that tells most definitions apart; null when none tells enough. */
    private static @Nullable Place best(List<Entry> entries) {
        Map<Place, Integer> counts = new LinkedHashMap<>();
        Map<Place, Set<Value>> constants = new HashMap<>();
        for (Entry entry : entries) {
            entry.demands().forEach((place, wanted) -> {
                counts.merge(place, 1, Integer::sum);
                constants.computeIfAbsent(place, _ -> new HashSet<>()).addAll(wanted);
            });
        }
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= LEAST)
                .max(Comparator.comparingInt((Map.Entry<Place, Integer> entry) -> entry.getValue())
                        .thenComparingInt(entry ->
                                constants.getOrDefault(entry.getKey(), Set.of()).size()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
