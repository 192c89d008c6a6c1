package io.maestro.trust;

import io.maestro.api.trust.ImportAllowlist;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import io.maestro.trust.HeaderClauses.Clause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The structural rules: an adapter bundle exports nothing, requires nothing but the contract, runs no code before its
 * factory is made, and offers exactly that factory.
 */
final class BundleRules {
    private static final String FACTORY = "io.maestro.adapter.spi.AdapterFactory";
    private static final int MANIFEST_LIMIT = 8 << 20;
    private static final int DOCUMENT_LIMIT = 64 << 10;
    private static final Pattern VERSION =
            Pattern.compile("\\d{1,9}(\\.\\d{1,9}(\\.\\d{1,9}(\\.[A-Za-z0-9_-]{1,64})?)?)?");

    private static final Pattern DOCUMENT = Pattern.compile("[A-Za-z0-9_.$/-]{1,255}");
    private static final int MOST_VIOLATIONS = 20;

    private static final Map<String, String> FORBIDDEN = Map.of(
            "Export-Package", "an adapter exports nothing",
            "DynamicImport-Package", "an adapter names every package that it imports",
            "Require-Bundle", "an adapter requires packages, not bundles",
            "Fragment-Host", "an adapter is no fragment",
            "Bundle-NativeCode", "an adapter brings no native code",
            "Bundle-Activator", "an adapter is started by its factory component only",
            "ExtensionBundle-Activator", "an adapter does not extend the framework",
            "Multi-Release", "an adapter has one release of each class");

    private final JarContent jar;
    private final MainHeaders headers;
    private final List<Violation> violations = new ArrayList<>();
    private final List<Violation> imports = new ArrayList<>();

    private BundleRules(JarContent jar, MainHeaders headers) {
        this.jar = jar;
        this.headers = headers;
    }

    /** What the rules find in the jar. */
    static BundleRules of(JarContent jar) {
        byte[] manifest = jar.bytes(JarContent.MANIFEST, MANIFEST_LIMIT);
        if (manifest == null) {
            throw noManifest();
        }
        BundleRules rules = new BundleRules(jar, MainHeaders.parse(manifest));
        rules.identity();
        rules.forbidden();
        rules.capabilities();
        rules.classPath();
        rules.component();
        rules.imports();
        return rules;
    }

    static ProblemException noManifest() {
        return Refusals.of(
                TrustProblem.ARTIFACT_NOT_A_JAR,
                "there is no META-INF/MANIFEST.MF",
                "Build the adapter as an OSGi bundle.");
    }

    /** Refuses with all violations at once. */
    void requireStructure() {
        if (!violations.isEmpty()) {
            throw Refusals.of(
                    TrustProblem.STRUCTURE_FORBIDDEN,
                    violations,
                    "Build the adapter with the dev kit's instructions (bnd/adapter.bnd).");
        }
    }

    /** Refuses with all forbidden packages at once. */
    void requireImports() {
        if (!imports.isEmpty()) {
            throw Refusals.of(
                    TrustProblem.IMPORT_FORBIDDEN,
                    imports,
                    "Embed the library in the bundle. An adapter may import " + ImportAllowlist.describe() + ".");
        }
    }

    private void identity() {
        if (!"2".equals(headers.value("Bundle-ManifestVersion"))) {
            violate("Bundle-ManifestVersion", "must be 2");
        }
        List<Clause> name = clauses("Bundle-SymbolicName");
        if (name.size() != 1 || name.getFirst().paths().size() != 1) {
            violate("Bundle-SymbolicName", "must be there, with one name");
        } else if ("true".equals(name.getFirst().directives().get("singleton"))) {
            violate("Bundle-SymbolicName", "must not be a singleton, for versions run side by side");
        }
        String version = headers.value("Bundle-Version");
        if (version == null || !VERSION.matcher(version).matches()) {
            violate("Bundle-Version", "must be there and be an OSGi version");
        }
    }

    private void forbidden() {
        FORBIDDEN.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(rule -> headers.value(rule.getKey()) != null)
                .filter(rule -> !(rule.getKey().equals("Multi-Release")
                        && "false".equalsIgnoreCase(headers.value("Multi-Release"))))
                .forEach(rule -> violate(rule.getKey(), "is forbidden: " + rule.getValue()));
    }

    private void capabilities() {
        for (Clause clause : clauses("Provide-Capability")) {
            String offered = clause.attributes().get("objectClass");
            if (!clause.paths().equals(List.of("osgi.service")) || !FACTORY.equals(offered)) {
                violate("Provide-Capability", "may offer the service " + FACTORY + " only");
            }
        }
        for (Clause clause : clauses("Require-Capability")) {
            String filter = clause.directives().getOrDefault("filter", "");
            boolean allowed = clause.paths().size() == 1
                    && switch (clause.paths().getFirst()) {
                        case "osgi.ee", "osgi.service" -> true;
                        case "osgi.extender" -> filter.contains("(osgi.extender=osgi.component)");
                        default -> false;
                    };
            if (!allowed) {
                violate(
                        "Require-Capability",
                        "may require osgi.ee, osgi.service and the extender osgi.component only, not "
                                + Refusals.printable(String.join(";", clause.paths())));
            }
        }
    }

    private void classPath() {
        for (Clause clause : clauses("Bundle-ClassPath")) {
            for (String path : clause.paths()) {
                boolean there = path.equals(".")
                        || jar.size(path) >= 0
                        || jar.names().stream().anyMatch(name -> name.startsWith(path + "/"));
                if (!there) {
                    violate("Bundle-ClassPath", "names what is not in the jar: " + Refusals.printable(path));
                }
            }
        }
    }

    private void component() {
        String path = headers.value("Service-Component");
        if (path == null || path.isEmpty()) {
            violate("Service-Component", "must name the one document that declares the adapter's factory");
            return;
        }
        // the component runtime takes a list, divided by commas and spaces, with wildcards
        if (!DOCUMENT.matcher(path).matches()) {
            violate("Service-Component", "must name one document only, in plain letters");
            return;
        }
        byte[] document = jar.bytes(path, DOCUMENT_LIMIT);
        if (document == null) {
            violate("Service-Component", "names what is not in the jar or too large: " + Refusals.printable(path));
            return;
        }
        ComponentDocument.violations(document, FACTORY).forEach(detail -> violate(path, detail));
    }

    private void imports() {
        for (Clause clause : clauses("Import-Package")) {
            for (String name : clause.paths()) {
                if (!ImportAllowlist.allows(name)) {
                    add(
                            imports,
                            new Violation(
                                    "Import-Package",
                                    "the package " + Refusals.printable(name) + " is not on the allowlist"));
                }
            }
        }
    }

    private List<Clause> clauses(String header) {
        String value = headers.value(header);
        if (value == null || value.isEmpty()) {
            return List.of();
        }
        try {
            return HeaderClauses.parse(value);
        } catch (IllegalArgumentException e) {
            violate(header, "is malformed: " + Refusals.printable(String.valueOf(e.getMessage())));
            return List.of();
        }
    }

    /** What is too much to tell is not told; the first ones refuse the artifact already. */
    private static void add(List<Violation> found, Violation violation) {
        if (found.size() < MOST_VIOLATIONS) {
            found.add(violation);
        }
    }

    private void violate(String place, String detail) {
        add(violations, new Violation(Refusals.printable(place), detail));
    }
}
