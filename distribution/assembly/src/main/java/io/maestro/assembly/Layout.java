package io.maestro.assembly;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where each jar goes. Libraries and our contracts are on the class path, where an AOT cache serves them best, and the system
 * bundle lends them to the bundles. Bundles start by level and stop in the opposite order: HTTP last and first.
 */
final class Layout {
    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            Map.entry("org.apache.felix.scr", 1),
            Map.entry("io.maestro.telemetry", 2),
            Map.entry("io.maestro.store", 2),
            Map.entry("io.maestro.tenancy", 3),
            Map.entry("io.maestro.identity", 3),
            Map.entry("io.maestro.trust", 3),
            Map.entry("io.maestro.secrets", 3),
            Map.entry("io.maestro.policy", 3),
            Map.entry("io.maestro.adapters", 3),
            Map.entry("io.maestro.provenance", 3),
            Map.entry("io.maestro.events", 3),
            Map.entry("io.maestro.residency", 3),
            Map.entry("io.maestro.rest", 4),
            Map.entry("io.maestro.console", 4),
            Map.entry("io.maestro.http", 5));

    /** Ours, on the class path. */
    private static final Set<String> OURS = Set.of(
            "io.maestro.model",
            "io.maestro.adapter.spi",
            "io.maestro.api",
            "io.maestro.rego",
            "maestro-launcher",
            "maestro-cli",
            "maestro-signer",
            "maestro-signer-contract");

    /** What the framework's own jar contains. */
    private static final Set<String> LEFT_OUT =
            Set.of("org.osgi.framework", "org.osgi.resource", "org.osgi.dto", "osgi.annotation");

    private final List<Path> libraries = new ArrayList<>();
    private final NavigableMap<Integer, List<Path>> bundles = new TreeMap<>();

    private Layout() {}

    static Layout of(List<Path> jars) {
        Layout layout = new Layout();
        for (Path jar : jars) {
            String name = Jar.artifact(jar);
            Integer level = LEVELS.get(name);
            if (level != null) {
                layout.bundles.computeIfAbsent(level, any -> new ArrayList<>()).add(jar);
            } else if (name.contains("maestro") && !OURS.contains(name)) {
                throw new BuildFailure(name + " has no place: give it a start level in Layout");
            } else if (!LEFT_OUT.contains(name)) {
                layout.libraries.add(jar);
            }
        }
        return layout;
    }

    List<Path> libraries() {
        return libraries;
    }

    Set<Integer> levels() {
        return bundles.keySet();
    }

    List<Path> bundles(int level) {
        return bundles.getOrDefault(level, List.of());
    }

    List<Path> bundles() {
        return bundles.values().stream().flatMap(List::stream).toList();
    }
}
