package io.maestro.cli;

import picocli.CommandLine.Option;

/** How much of a list is wanted. */
final class ListOptions {
    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "At most N items (1000).")
    private int limit = 1000;

    int limit() {
        if (limit < 1) {
            throw Failure.usage("the limit " + limit + " is less than 1", "Ask for at least one item.");
        }
        return limit;
    }
}
