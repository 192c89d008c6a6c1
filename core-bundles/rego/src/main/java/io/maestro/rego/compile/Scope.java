package io.maestro.rego.compile;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one body, inside those of the bodies around it. */
final class Scope {
    private final @Nullable Scope outer;
    private final Slots slots;
    private final boolean ofArguments;
    private final Map<String, Integer> names = new HashMap<>();
    private final Set<String> referenced = new HashSet<>();
    private final Map<String, Integer> since = new HashMap<>();
    private int position = Integer.MAX_VALUE;

    private Scope(@Nullable Scope outer, Slots slots, boolean ofArguments) {
        this.outer = outer;
        this.slots = slots;
        this.ofArguments = ofArguments;
    }

    static Scope ofArguments(Slots slots) {
        return new Scope(null, slots, true);
    }

    Scope inner() {
        return new Scope(this, slots, false);
    }

    /** The names of this body alone. */
    Map<String, Integer> names() {
        return Map.copyOf(names);
    }

    /** Gives a name the slot of an argument. */
    void bind(String name, int slot) {
        names.put(name, slot);
        slots.rename(slot, name);
    }

    Slots slots() {
        return slots;
    }

    /** The slot of a name, here or around; null when it has none. */
    @Nullable
    Integer find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Integer slot = scope.names.get(name);
            if (slot != null && scope.since.getOrDefault(name, 0) <= scope.position) {
                return slot;
            }
        }
        return null;
    }

    /** Goes to a place in the body: what is declared further down is not seen from there. */
    void at(int place) {
        position = place;
    }

    /** Notes that a name was used before anything declares it. */
    void reference(String name) {
        if (!names.containsKey(name)) {
            referenced.add(name);
        }
    }

    Set<String> referenced() {
        return referenced;
    }

    /** Declares a name by {@code some}, {@code :=} or {@code every}. */
    void declare(Location at, String name, boolean search) {
        if (name.startsWith("$")) {
            names.put(name, slots.add(name, true));
            return;
        }
        if (name.equals("input") || name.equals("data")) {
            throw new RegoException(ErrorCode.COMPILE, at, "variables must not shadow " + name);
        }
        if (names.containsKey(name)) {
            throw new RegoException(ErrorCode.COMPILE, at, "var " + name + " assigned above");
        }
        if (referenced.contains(name)) {
            throw new RegoException(ErrorCode.COMPILE, at, "var " + name + " referenced above");
        }
        if (outer != null && outer.ofArguments && outer.names.containsKey(name)) {
            throw new RegoException(ErrorCode.COMPILE, at, "arg " + name + " redeclared");
        }
        names.put(name, slots.add(name, search));
        if (position != Integer.MAX_VALUE) {
            since.put(name, position);
        }
    }

    /** Gives a name that nothing declares a slot of this body. */
    int implicit(String name, boolean search) {
        int slot = slots.add(name, search);
        names.put(name, slot);
        return slot;
    }
}
