package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Says in words why a bundle does not come up. */
final class StartFailures {
    private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([\\w.$-]+)");
    private static final Pattern FROM = Pattern.compile("\\(version>=([\\w.-]+)\\)");
    private static final Pattern NAMESPACE = Pattern.compile("missing requirement \\[[^\\]]*\\][^\\]]*\\] ([\\w.-]+);");
    private static final int LONGEST = 300;

    private final ServiceComponentRuntime components;

    StartFailures(ServiceComponentRuntime components) {
        this.components = components;
    }

    /** Returns if the bundle offers exactly one factory. */
    void check(Bundle bundle, int offered) {
        if (offered == 0) {
            throw withoutFactory(bundle);
        }
        if (offered > 1) {
            throw Problem.of(
                            AdapterProblem.BUNDLE_WITHOUT_FACTORY,
                            "the bundle offers " + offered + " factories",
                            "Keep one component that provides AdapterFactory.")
                    .asException();
        }
    }

    /** Why there is no factory: its component failed, waits for something, or does not exist. */
    ProblemException withoutFactory(Bundle bundle) {
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs(bundle)) {
            if (Arrays.asList(component.serviceInterfaces).contains(AdapterFactory.class.getName())) {
                Collection<ComponentConfigurationDTO> configurations =
                        components.getComponentConfigurationDTOs(component);
                for (ComponentConfigurationDTO configuration : configurations) {
                    if (configuration.failure != null) {
                        return startFailed(rootCause(configuration.failure), null);
                    }
                    if (configuration.unsatisfiedReferences.length > 0) {
                        return waiting(component, configuration.unsatisfiedReferences[0]);
                    }
                }
                return startFailed(linkage(bundle, component), null);
            }
        }
        return Problem.of(
                        AdapterProblem.BUNDLE_WITHOUT_FACTORY,
                        "no component of the bundle provides AdapterFactory",
                        "Annotate the factory with @Component(service = AdapterFactory.class); the header"
                                + " Service-Component must name its description.")
                .asException();
    }

    /** The runtime only logs what it cannot link: link the class again to hear it. */
    private static String linkage(Bundle bundle, ComponentDescriptionDTO component) {
        try {
            Class<?> factory = bundle.loadClass(component.implementationClass);
            int members = factory.getDeclaredConstructors().length + factory.getDeclaredMethods().length;
            return "the component " + component.name + " with " + members + " members is not made; the log says why";
        } catch (ClassNotFoundException | LinkageError e) {
            return e.toString();
        }
    }

    private static ProblemException waiting(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO reference) {
        return Problem.of(
                        AdapterProblem.BUNDLE_WITHOUT_FACTORY,
                        "the component " + component.name + " waits for the service of its reference " + reference.name,
                        "An adapter sees no services of the server or of other adapters: drop the reference, and take"
                                + " what the instance needs from its AdapterContext.")
                .asException();
    }

    /** What was thrown at install or start. */
    ProblemException of(Throwable thrown) {
        if (thrown instanceof ProblemException known) {
            return known;
        }
        if (thrown instanceof BundleException e && e.getType() == BundleException.RESOLVE_ERROR) {
            return unresolved(e);
        }
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return startFailed(root.toString(), thrown);
    }

    private static ProblemException startFailed(String what, @Nullable Throwable cause) {
        Problem problem = Problem.of(
                AdapterProblem.BUNDLE_START_FAILED,
                "the bundle fails at start: " + printable(what),
                "Mend the failure, raise the version and sign again.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    private static ProblemException unresolved(BundleException e) {
        String message = String.valueOf(e.getMessage());
        Matcher missing = PACKAGE.matcher(message);
        if (missing.find()) {
            Matcher from = FROM.matcher(message);
            String version = from.find(missing.end()) ? " from version " + from.group(1) + " on" : "";
            return Problem.of(
                            AdapterProblem.BUNDLE_UNRESOLVED,
                            "nobody offers the package " + missing.group(1) + version + " to an adapter",
                            "Embed the library that has the package, or build against the contract of this release.")
                    .asException(e);
        }
        Matcher namespace = NAMESPACE.matcher(message);
        String what = namespace.find() ? "of the kind " + namespace.group(1) : "that nobody offers";
        return Problem.of(
                        AdapterProblem.BUNDLE_UNRESOLVED,
                        "the bundle requires a capability " + what,
                        "An adapter may require packages of the contract, a Java version up to "
                                + Runtime.version().feature() + ", and nothing else.")
                .asException(e);
    }

    /** The innermost cause's first line of a printed stack trace. */
    private static String rootCause(String stackTrace) {
        List<String> lines = stackTrace.lines().toList();
        return lines.reversed().stream()
                .filter(line -> line.startsWith("Caused by: "))
                .findFirst()
                .map(line -> line.substring("Caused by: ".length()))
                .orElse(lines.isEmpty() ? "an unknown failure" : lines.getFirst());
    }

    private static String printable(String text) {
        String shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return shortened.replaceAll("\\p{Cntrl}", " ");
    }
}
