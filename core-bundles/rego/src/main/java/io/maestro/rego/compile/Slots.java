package io.maestro.rego.compile;

import java.util.ArrayList;
import java.util.List;

/** The variables of one frame: of a body and all bodies inside it. */
final class Slots {
    private final List<String> names = new ArrayList<>();
    private final List<Boolean> searched = new ArrayList<>();

    /**
     * Adds a variable.
     *
     * @param search whether a reference may find its value, as it may not for arguments and what is assigned
     */
    int add(String name, boolean search) {
        names.add(name);
        searched.add(search);
        return names.size() - 1;
    }

    /** Adds one that no source names. */
    int temporary() {
        return add("", false);
    }

    void rename(int slot, String name) {
        names.set(slot, name);
    }

    boolean mayBeSearched(int slot) {
        return searched.get(slot);
    }

    int count() {
        return names.size();
    }

    List<String> names() {
        return List.copyOf(names);
    }

    /** As a message names it. */
    String name(int slot) {
        return names.get(slot).startsWith("$") ? "_" : names.get(slot);
    }
}
