package io.maestro.assembly;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * The packages that the system bundle lends to the bundles: of the libraries just those that some bundle imports, so that
 * the framework has little to read at start and an adapter little to find; of our contracts all.
 */
final class SystemPackages {
    private final NavigableMap<String, Version> offered = new TreeMap<>();
    private final NavigableMap<String, Version> contracts = new TreeMap<>();
    private final Map<String, Version> framework = new HashMap<>();
    private final Map<String, Version> bundled = new HashMap<>();
    private final List<Path> bundles;

    SystemPackages(List<Path> bundles, List<Path> libraries) throws IOException {
        this.bundles = bundles;
        for (Path library : libraries) {
            switch (Jar.artifact(library)) {
                case "org.apache.felix.framework" -> framework.putAll(Jar.exports(library));
                case "io.maestro.model", "io.maestro.api", "io.maestro.adapter.spi" ->
                    contracts.putAll(Jar.exports(library));
                case "maestro-launcher", "maestro-cli", "maestro-signer" -> {}
                default -> Jar.exports(library).forEach(offered::putIfAbsent);
            }
        }
        for (Path bundle : bundles) {
            bundled.putAll(Jar.exports(bundle));
        }
    }

    /** One package a line; a failure when a bundle imports what nobody offers. */
    List<String> lines() throws IOException {
        Set<String> jdk = ModuleLayer.boot().modules().stream()
                .flatMap(module -> module.getPackages().stream())
                .collect(Collectors.toSet());
        NavigableMap<String, Version> needed = new TreeMap<>(contracts);
        Set<String> missing = new TreeSet<>();
        for (Path bundle : bundles) {
            for (Map.Entry<String, Map<String, String>> wanted :
                    Jar.imports(bundle).entrySet()) {
                String name = wanted.getKey();
                if (name.startsWith("java.") || jdk.contains(name)) {
                    continue;
                }
                boolean optional = "optional".equals(wanted.getValue().get("resolution"));
                VersionRange range = new VersionRange(wanted.getValue().getOrDefault("version", "0"));
                Version found = offered.get(name);
                if (found != null && range.includes(found)) {
                    needed.put(name, found);
                } else if (!optional && !elsewhere(name, range)) {
                    missing.add(Jar.artifact(bundle) + " imports " + name + " " + range
                            + (found == null ? "" : ", there is " + found));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new BuildFailure("bundles would not resolve:\n  " + String.join("\n  ", missing));
        }
        List<String> lines = new ArrayList<>();
        needed.forEach((name, version) -> lines.add(name + ";version=\"" + version + "\""));
        return lines;
    }

    private boolean elsewhere(String name, VersionRange range) {
        return Stream.of(contracts, framework, bundled)
                .map(packages -> packages.get(name))
                .anyMatch(version -> version != null && range.includes(version));
    }
}
