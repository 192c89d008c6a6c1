package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.trust.ImportAllowlist;
import io.maestro.model.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Finds out which of a bundle's requirements nothing satisfies, by asking the framework what it has, rather than by what
 * the resolver says of it.
 */
final class Unresolved {
    private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([\\w.$-]+)");
    private static final Pattern FROM = Pattern.compile("\\(version>=([\\w.-]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([\\w.-]+)\\)\\)");
    private static final Pattern UP_TO = Pattern.compile("\\(version<=([\\w.-]+)\\)");
    private static final Pattern JAVA = Pattern.compile("\\(osgi\\.ee=(\\w+)\\)\\(version=([\\d.]+)\\)");
    private static final Pattern EXPOSED = Pattern.compile("package '([\\w.$-]+)'");
    private static final Pattern MISSING =
            Pattern.compile("missing requirement \\[[^\\]]*\\][^\\]]*\\] ([\\w.-]+); (.*)", Pattern.DOTALL);

    private Unresolved() {}

    /** The problem of a bundle that the framework could not resolve. */
    static Problem problem(Bundle bundle, BundleException thrown, FrameworkWiring framework) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        String message = String.valueOf(thrown.getMessage());
        if (revision != null) {
            for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
                if (isMandatory(requirement) && !isSatisfied(requirement, framework)) {
                    return problem(
                            requirement.getNamespace(),
                            requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""),
                            framework);
                }
            }
        }
        Matcher missing = MISSING.matcher(message);
        return message.contains("Uses constraint") || !missing.find()
                ? conflict(message)
                : problem(missing.group(1), missing.group(2), framework);
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Constants.RESOLUTION_OPTIONAL.equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                && !"dynamic".equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                && Constants.EFFECTIVE_RESOLVE.equals(
                        directives.getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE));
    }

    /** The fences let an adapter have packages of the allowlist only; other namespaces are left to the resolver's word. */
    private static boolean isSatisfied(BundleRequirement requirement, FrameworkWiring framework) {
        return switch (requirement.getNamespace()) {
            case PackageNamespace.PACKAGE_NAMESPACE ->
                framework.findProviders(requirement).stream().anyMatch(one -> isFor(name(one)));
            case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE ->
                !framework.findProviders(requirement).isEmpty();
            default -> true;
        };
    }

    private static boolean isFor(String name) {
        // the fences have the last word; this tells only what nobody could get
        return ImportAllowlist.allows(name) || name.startsWith("org.osgi.");
    }

    private static String name(BundleCapability capability) {
        return String.valueOf(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE));
    }

    private static Problem problem(String namespace, String filter, FrameworkWiring framework) {
        if (namespace.equals(PackageNamespace.PACKAGE_NAMESPACE)) {
            return ofPackage(filter, framework);
        }
        Matcher java = JAVA.matcher(filter);
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE) && java.find()) {
            String running = Integer.toString(Runtime.version().feature());
            return Evidence.of(CauseCode.JAVA_VERSION, Map.of("wanted", java.group(2), "running", running))
                    .behind(Problem.of(
                            AdapterProblem.BUNDLE_UNRESOLVED,
                            "the bundle requires a capability of the kind osgi.ee: Java " + java.group(2)
                                    + ", and the server runs on Java " + running,
                            "Build the adapter for Java " + running + " or older."));
        }
        return Evidence.of(CauseCode.CAPABILITY_MISSING, Map.of("kind", namespace))
                .behind(Problem.of(
                        AdapterProblem.BUNDLE_UNRESOLVED,
                        "the bundle requires a capability of the kind " + namespace,
                        "An adapter may require packages of the contract, a Java version up to "
                                + Runtime.version().feature() + ", and nothing else."));
    }

    private static Problem ofPackage(String filter, FrameworkWiring framework) {
        Matcher name = PACKAGE.matcher(filter);
        String wanted = name.find() ? name.group(1) : "unknown";
        String range = range(filter);
        List<String> offered = ImportAllowlist.allows(wanted) ? offered(wanted, framework) : List.of();
        if (offered.isEmpty()) {
            return Evidence.of(
                            CauseCode.PACKAGE_MISSING,
                            Map.of("package", wanted, "range", range, "allowed", ImportAllowlist.allows(wanted)))
                    .behind(Problem.of(
                            AdapterProblem.BUNDLE_UNRESOLVED,
                            "nobody offers the package " + wanted + range + " to an adapter",
                            "Embed the library that has the package, or build against the contract of this release."));
        }
        return Evidence.of(
                        CauseCode.PACKAGE_VERSION,
                        Map.of("package", wanted, "range", range.strip(), "offered", offered))
                .behind(Problem.of(
                        AdapterProblem.BUNDLE_UNRESOLVED,
                        "nobody offers the package " + wanted + range + " to an adapter; this release has "
                                + String.join(" and ", offered),
                        "Build against the contract of this release."));
    }

    private static String range(String filter) {
        Matcher from = FROM.matcher(filter.replaceAll(BELOW.pattern(), ""));
        Matcher below = BELOW.matcher(filter);
        Matcher upTo = UP_TO.matcher(filter);
        String lower = from.find() ? " from version " + from.group(1) + " on" : "";
        if (below.find()) {
            return lower + " and below " + below.group(1);
        }
        return upTo.find() ? lower + " up to " + upTo.group(1) : lower;
    }

    /** The versions in which the framework has the package, whoever may have it. */
    private static List<String> offered(String wanted, FrameworkWiring framework) {
        Collection<BundleCapability> found = framework.findProviders(new AnyVersion(wanted));
        return List.copyOf(found.stream()
                .map(one -> String.valueOf(one.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE)))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Problem conflict(String message) {
        Matcher exposed = EXPOSED.matcher(message);
        String name = exposed.find() ? exposed.group(1) : "";
        return Evidence.of(CauseCode.PACKAGES_CONFLICT, Map.of("package", name))
                .behind(Problem.of(
                        AdapterProblem.BUNDLE_UNRESOLVED,
                        "packages that the bundle needs do not fit together"
                                + (name.isEmpty() ? "" : ": it would see the package " + name + " twice"),
                        "Build against the contract of one release, and embed nothing of it."));
    }

    /** A package in whatever version. */
    private record AnyVersion(String name) implements org.osgi.resource.Requirement {
        @Override
        public String getNamespace() {
            return PackageNamespace.PACKAGE_NAMESPACE;
        }

        @Override
        public Map<String, String> getDirectives() {
            return Map.of(Constants.FILTER_DIRECTIVE, "(" + PackageNamespace.PACKAGE_NAMESPACE + "=" + name + ")");
        }

        @Override
        public Map<String, Object> getAttributes() {
            return Map.of();
        }

        @Override
        public org.osgi.resource.@Nullable Resource getResource() {
            return null;
        }
    }
}
