package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Sees to it that what is done to an adapter's bundle reaches no other: the bundles that the framework would have to refresh
 * along with it are that one. The fences make it so; this is the proof, taken around every act. Any thread.
 */
final class BlastRadius {
    private static final System.Logger LOG = System.getLogger(BlastRadius.class.getName());

    private final FrameworkWiring wiring;

    /** Asks the framework of which this is the system bundle. */
    BlastRadius(Bundle framework) {
        this.wiring = framework.adapt(FrameworkWiring.class);
    }

    /**
     * Returns when nothing else depends on the bundle.
     *
     * @param act what is about to be done or was just done, for people
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#BLAST_RADIUS_EXCEEDED}
     */
    void require(Bundle bundle, String act) {
        Collection<Bundle> reached = wiring.getDependencyClosure(List.of(bundle));
        List<Bundle> others =
                reached.stream().filter(one -> !one.equals(bundle)).toList();
        if (others.isEmpty()) {
            return;
        }
        String names = others.stream()
                .map(one -> one.getSymbolicName() + " " + one.getVersion())
                .sorted()
                .limit(10)
                .collect(Collectors.joining(", "));
        LOG.log(Level.ERROR, "to " + act + " " + bundle + " would reach other bundles: " + names);
        throw Problem.of(
                        AdapterProblem.BLAST_RADIUS_EXCEEDED,
                        "to " + act + " the bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                                + " would reach " + others.size() + " other bundles: " + names,
                        "Nothing was done. This is a fault of the server: no adapter may depend on another. Report it with"
                                + " the log.")
                .asException();
    }
}
