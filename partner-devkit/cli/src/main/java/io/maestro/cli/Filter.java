package io.maestro.cli;

import org.jspecify.annotations.Nullable;

/** The query of a list, put together from what was given. */
final class Filter {
    private final StringBuilder path;
    private boolean first = true;

    private Filter(String path) {
        this.path = new StringBuilder(path);
    }

    static Filter of(String path) {
        return new Filter(path);
    }

    /** Adds a parameter unless its value was left out. */
    Filter with(String name, @Nullable Object value) {
        if (value != null) {
            path.append(first ? '?' : '&').append(name).append('=').append(Server.encoded(value.toString()));
            first = false;
        }
        return this;
    }

    /** Adds a parameter when it was asked for. */
    Filter flag(String name, boolean wanted) {
        return with(name, wanted ? "true" : null);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
