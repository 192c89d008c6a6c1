package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Says in words, and with what was measured, why a bundle does not come up. */
final class StartFailures {
    private static final int LONGEST = 300;

    private final ServiceComponentRuntime components;
    private final FrameworkWiring framework;

    /** Asks the framework of which this is the system bundle. */
    StartFailures(ServiceComponentRuntime components, Bundle framework) {
        this.components = components;
        this.framework = framework.adapt(FrameworkWiring.class);
    }

    /** Returns if the bundle offers exactly one factory. */
    void check(Bundle bundle, int offered) {
        if (offered == 0) {
            throw withoutFactory(bundle);
        }
        if (offered > 1) {
            throw Evidence.of(CauseCode.FACTORY_AMBIGUOUS, Map.of("factories", offered))
                    .behind(Problem.of(
                            AdapterProblem.BUNDLE_WITHOUT_FACTORY,
                            "the bundle offers " + offered + " factories",
                            "Keep one component that provides AdapterFactory."))
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
                        String thrown = rootCause(configuration.failure);
                        return startFailed(
                                        thrown,
                                        Evidence.of(
                                                isMissingClass(thrown)
                                                        ? CauseCode.CLASS_MISSING
                                                        : CauseCode.FACTORY_FAILED,
                                                facts(component, thrown)))
                                .asException();
                    }
                    if (configuration.unsatisfiedReferences.length > 0) {
                        return waiting(component, configuration.unsatisfiedReferences[0]);
                    }
                }
                return unlinked(bundle, component).asException();
            }
        }
        return Evidence.of(CauseCode.FACTORY_MISSING)
                .behind(Problem.of(
                        AdapterProblem.BUNDLE_WITHOUT_FACTORY,
                        "no component of the bundle provides AdapterFactory",
                        "Annotate the factory with @Component(service = AdapterFactory.class); the header"
                                + " Service-Component must name its description."))
                .asException();
    }

    private static Map<String, String> facts(ComponentDescriptionDTO component, String thrown) {
        return Map.of(
                "component", component.name,
                "class", String.valueOf(component.implementationClass),
                "thrown", printable(thrown));
    }

    private static boolean isMissingClass(String thrown) {
        return thrown.startsWith("java.lang.NoClassDefFoundError") || thrown.startsWith("java.lang.ClassNotFound");
    }

    /** The runtime only logs what it cannot link: link the class again to hear it. */
    private static Problem unlinked(Bundle bundle, ComponentDescriptionDTO component) {
        try {
            Class<?> factory = bundle.loadClass(component.implementationClass);
            int members = factory.getDeclaredConstructors().length + factory.getDeclaredMethods().length;
            String what =
                    "the component " + component.name + " with " + members + " members is not made; the log says why";
            return startFailed(what, Evidence.of(CauseCode.FACTORY_FAILED, facts(component, what)));
        } catch (ClassNotFoundException | LinkageError e) {
            return startFailed(e.toString(), Evidence.of(CauseCode.CLASS_MISSING, facts(component, e.toString())));
        }
    }

    private static ProblemException waiting(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO reference) {
        String wanted = Arrays.stream(component.references)
                .filter(one -> one.name.equals(reference.name))
                .map(one -> one.interfaceName)
                .findFirst()
                .orElse("unknown");
        return Evidence.of(
                        CauseCode.FACTORY_WAITS,
                        Map.of("component", component.name, "reference", reference.name, "interface", wanted))
                .behind(Problem.of(
                        AdapterProblem.BUNDLE_WITHOUT_FACTORY,
                        "the component " + component.name + " waits for the service of its reference " + reference.name,
                        "An adapter sees no services of the server or of other adapters: drop the reference, and take"
                                + " what the instance needs from its AdapterContext."))
                .asException();
    }

    /** What was thrown at the start of a bundle that is still installed. */
    ProblemException of(Bundle bundle, Throwable thrown) {
        return thrown instanceof BundleException e && e.getType() == BundleException.RESOLVE_ERROR
                ? Unresolved.problem(bundle, e, framework).asException(e)
                : of(thrown);
    }

    /** What was thrown at install or start. */
    ProblemException of(Throwable thrown) {
        if (thrown instanceof ProblemException known) {
            return known;
        }
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String what = root.toString();
        boolean read = thrown instanceof BundleException e
                && (e.getType() == BundleException.READ_ERROR || e.getType() == BundleException.MANIFEST_ERROR);
        CauseCode code = read
                ? CauseCode.BUNDLE_UNREADABLE
                : isMissingClass(what) ? CauseCode.CLASS_MISSING : CauseCode.BUNDLE_FAILED;
        return startFailed(what, Evidence.of(code, Map.of("thrown", printable(what))))
                .asException(thrown);
    }

    private static Problem startFailed(String what, Evidence evidence) {
        return evidence.behind(Problem.of(
                AdapterProblem.BUNDLE_START_FAILED,
                "the bundle fails at start: " + printable(what),
                "Mend the failure, raise the version and sign again."));
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

    static String printable(@Nullable String text) {
        String whole = String.valueOf(text);
        String shortened = whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + "…";
        return shortened.replaceAll("\\p{Cntrl}", " ");
    }
}
