package io.maestro.rego.test;

import io.maestro.rego.error.Location;
import io.maestro.rego.trace.Observer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Notes what the evaluation of one test does. */
final class Watcher implements Observer {
    private static final int MOST_LINES = 500;
    private static final int MOST_PRINTED = 200;

    /** How often an expression was begun, and how long until the next thing happened. */
    static final class Spent {
        long times;
        long nanos;
    }

    private final Set<Location> held = new HashSet<>();
    private final Map<Location, Spent> spent = new HashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final List<String> printed = new ArrayList<>();
    private @Nullable Spent current;
    private long since = System.nanoTime();

    @Override
    public void enter(Location at) {
        Spent now = charge(at);
        now.times++;
        line("  eval " + at);
    }

    @Override
    public void held(Location at) {
        held.add(at);
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

    private Spent charge(Location at) {
        long now = System.nanoTime();
        if (current != null) {
            current.nanos += now - since;
        }
        since = now;
        Spent next = spent.computeIfAbsent(at, _ -> new Spent());
        current = next;
        return next;
    }

    private void line(String text) {
        if (trace.size() == MOST_LINES) {
            trace.removeFirst();
        }
        trace.addLast(text);
    }

    Set<Location> held() {
        return held;
    }

    Map<Location, Spent> spent() {
        return spent;
    }

    List<String> trace() {
        return List.copyOf(trace);
    }

    List<String> printed() {
        return List.copyOf(printed);
    }
}
