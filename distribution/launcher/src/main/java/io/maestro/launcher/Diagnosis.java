package io.maestro.launcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;

/** Says why a node does not get to listen: which component failed, and which waits for what. */
final class Diagnosis {
    private final BundleContext context;

    Diagnosis(BundleContext context) {
        this.context = context;
    }

    /** Whether a component failed, so that waiting longer is of no use. */
    boolean hopeless() {
        return configurations().anyMatch(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION);
    }

    /** The reasons in one exception; components that failed come first. */
    LaunchFailure failure() {
        List<ComponentConfigurationDTO> components = configurations()
                .filter(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                        || component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE)
                .sorted(Comparator.<ComponentConfigurationDTO>comparingInt(component -> -component.state)
                        .thenComparing(component -> component.description.name))
                .toList();
        List<String> details = new ArrayList<>();
        for (ComponentConfigurationDTO component : components) {
            details.add(
                    component.state == ComponentConfigurationDTO.FAILED_ACTIVATION
                            ? component.description.name + " failed: " + cause(component.failure)
                            : component.description.name + " waits for " + missing(component));
        }
        return new LaunchFailure(
                LaunchFailure.FAILED,
                components.isEmpty() ? "the node does not listen" : "the node cannot work: " + details.getFirst(),
                details,
                null);
    }

    private static String missing(ComponentConfigurationDTO component) {
        return Stream.of(component.unsatisfiedReferences)
                .map(unsatisfied -> Stream.of(component.description.references)
                        .filter(reference -> reference.name.equals(unsatisfied.name))
                        .map(Diagnosis::wanted)
                        .findFirst()
                        .orElse(unsatisfied.name))
                .collect(Collectors.joining(", "));
    }

    private static String wanted(ReferenceDTO reference) {
        return reference.target == null ? reference.interfaceName : reference.interfaceName + " " + reference.target;
    }

    /** The innermost cause of a stack trace: it says most. */
    private static String cause(@Nullable String trace) {
        if (trace == null) {
            return "see the log";
        }
        List<String> lines = trace.lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, second) -> second)
                .map(line -> line.substring("Caused by: ".length()))
                .orElse(lines.isEmpty() ? "see the log" : lines.getFirst());
    }

    private Stream<ComponentConfigurationDTO> configurations() {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        if (reference == null) {
            return Stream.of();
        }
        ServiceComponentRuntime runtime = context.getService(reference);
        List<ComponentConfigurationDTO> configurations = new ArrayList<>();
        for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs()) {
            configurations.addAll(runtime.getComponentConfigurationDTOs(description));
        }
        context.ungetService(reference);
        return configurations.stream();
    }
}
