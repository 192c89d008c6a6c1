package io.maestro.telemetry;

import io.maestro.api.telemetry.Metrics;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All series of one metric, by the values of its tags. Look-ups take no lock; only the first of a series does.
 *
 * @param <S> their kind
 */
final class Family<S extends Series> {
    private static final System.Logger LOG = System.getLogger(Family.class.getName());

    private final String name;
    private final String help;
    private final List<String> tags;
    private final Class<S> kind;
    private final int limit;
    private final ConcurrentHashMap<List<String>, S> series = new ConcurrentHashMap<>();
    private boolean full;

    Family(String name, String help, List<String> tags, Class<S> kind, int limit) {
        this.name = name;
        this.help = help;
        this.tags = tags;
        this.kind = kind;
        this.limit = limit;
    }

    String name() {
        return name;
    }

    String help() {
        return help;
    }

    List<String> tags() {
        return tags;
    }

    Class<S> kind() {
        return kind;
    }

    /** This family as one of that kind. */
    @SuppressWarnings("unchecked") // its kind says so
    <T extends Series> Family<T> as(Class<T> wanted, List<String> wantedTags) {
        if (kind != wanted || !tags.equals(wantedTags)) {
            throw new IllegalArgumentException(name + " is asked for as another kind, or with other tags, than before");
        }
        return (Family<T>) this;
    }

    /** The series with these values, made when there is none; beyond the limit the one that stands for the rest. */
    S of(List<String> values, Supplier<S> fresh) {
        S present = series.get(values);
        return present != null ? present : make(values, fresh);
    }

    private synchronized S make(List<String> values, Supplier<S> fresh) {
        List<String> admitted = hasRoom(values) ? values : Collections.nCopies(tags.size(), Metrics.OTHER);
        return series.computeIfAbsent(admitted, any -> fresh.get());
    }

    /** Makes this the series with these values; false when there is no room for it. */
    synchronized boolean put(List<String> values, S one) {
        boolean room = hasRoom(values);
        if (room) {
            series.put(values, one);
        }
        return room;
    }

    /** Said once: what fills a metric does so again and again. */
    private boolean hasRoom(List<String> values) {
        boolean room = series.containsKey(values) || series.size() < limit;
        if (!room && !full) {
            full = true;
            LOG.log(
                    Level.WARNING,
                    "the metric " + name + " has " + limit + " series; further ones are not told apart any more");
        }
        return room;
    }

    /** Drops the series with these values if it still is this one. */
    void remove(List<String> values, S one) {
        series.remove(values, one);
    }

    /** Drops all series that have each of these tags. */
    void forget(Map<String, String> wanted) {
        if (tags.containsAll(wanted.keySet())) {
            series.keySet().removeIf(values -> {
                boolean all = true;
                for (int i = 0; i < tags.size(); i++) {
                    @Nullable String value = wanted.get(tags.get(i));
                    all &= value == null || value.equals(values.get(i));
                }
                return all;
            });
        }
    }

    /** All series as they are now, by the values of their tags. */
    Map<List<String>, S> series() {
        return series;
    }
}
