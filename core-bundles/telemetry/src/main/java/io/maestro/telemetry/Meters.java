package io.maestro.telemetry;

import io.maestro.api.telemetry.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/** All metrics of the node, by name. */
final class Meters implements Metrics {
    private static final Pattern NAME = Pattern.compile("mc_[a-z0-9]+(_[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[a-z][a-z0-9_]*");

    /** Tags have values that we made, or that were checked when they came in; a longer one is neither. */
    private static final int LONGEST_VALUE = 100;

    private final ConcurrentSkipListMap<String, Family<?>> families = new ConcurrentSkipListMap<>();
    private final int limit;
    private final int timerLimit;

    Meters() {
        this(SERIES, TIMER_SERIES);
    }

    Meters(int limit, int timerLimit) {
        this.limit = limit;
        this.timerLimit = timerLimit;
    }

    @Override
    public Counter counter(String name, String help, String... tags) {
        requireEnd(name, "_total");
        return family(name, help, tags, Series.Count.class, limit).of(values(tags), Series.Count::new);
    }

    @Override
    public Timer timer(String name, String help, String... tags) {
        requireEnd(name, "_seconds");
        return family(name, help, tags, Series.Buckets.class, timerLimit).of(values(tags), Series.Buckets::new);
    }

    @Override
    public Gauge gauge(String name, String help, DoubleSupplier value, String... tags) {
        Family<Series.Asked> family = family(name, help, tags, Series.Asked.class, limit);
        List<String> values = values(tags);
        Series.Asked asked = new Series.Asked(value);
        return family.put(values, asked) ? () -> family.remove(values, asked) : () -> {};
    }

    @Override
    public void forget(String... tags) {
        List<String> names = names(tags);
        List<String> values = values(tags);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("name a tag: without one, all metrics would be forgotten");
        }
        Map<String, String> wanted = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            wanted.put(names.get(i), values.get(i));
        }
        families.values().forEach(family -> family.forget(wanted));
    }

    @Override
    public void write(Appendable out, Format format, Selection selection) throws IOException {
        Exposition exposition = new Exposition(out, format);
        for (Family<?> family : selected(selection.names())) {
            if (selection.summed()) {
                exposition.writeSum(family);
            } else {
                exposition.write(family);
            }
        }
        exposition.end();
    }

    private Collection<Family<?>> selected(Set<String> names) {
        if (names.isEmpty()) {
            return families.values();
        }
        List<Family<?>> selected = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            Family<?> family = families.get(name);
            if (family != null) {
                selected.add(family);
            }
        }
        return selected;
    }

    private <S extends Series> Family<S> family(
            String name, String help, String[] tags, Class<S> kind, int familyLimit) {
        List<String> names = names(tags);
        Family<?> present = families.get(name);
        if (present == null) {
            requireName(name);
            present = families.computeIfAbsent(name, any -> new Family<>(name, help, names, kind, familyLimit));
        }
        return present.as(kind, names);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(name + " is no name of a metric: " + NAME);
        }
    }

    private static void requireEnd(String name, String end) {
        if (!name.endsWith(end)) {
            throw new IllegalArgumentException(name + " does not end with " + end);
        }
    }

    private static List<String> names(String[] tags) {
        if (tags.length % 2 != 0) {
            throw new IllegalArgumentException("a tag lacks its value");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < tags.length; i += 2) {
            if (!TAG.matcher(tags[i]).matches() || tags[i].equals("le") || names.contains(tags[i])) {
                throw new IllegalArgumentException(tags[i] + " cannot be the name of a tag here");
            }
            names.add(tags[i]);
        }
        return List.copyOf(names);
    }

    private static List<String> values(String[] tags) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i < tags.length; i += 2) {
            values.add(tags[i].length() <= LONGEST_VALUE ? tags[i] : tags[i].substring(0, LONGEST_VALUE));
        }
        return List.copyOf(values);
    }
}
