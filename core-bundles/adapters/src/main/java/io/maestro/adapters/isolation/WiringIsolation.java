package io.maestro.adapters.isolation;

import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * An adapter is wired to packages of the allowlist, and nobody is wired to an adapter. Enforces at wiring what admission
 * has checked before, dynamic imports included.
 */
public final class WiringIsolation implements ResolverHook, ResolverHookFactory {
    private static final Set<String> HARMLESS =
            Set.of(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE, "osgi.extender", "osgi.service");

    private final AdapterBundles adapters;
    private final Predicate<String> allowedPackage;

    /** Lets {@code adapters} import the packages that {@code allowedPackage} accepts. */
    public WiringIsolation(AdapterBundles adapters, Predicate<String> allowedPackage) {
        this.adapters = adapters;
        this.allowedPackage = allowedPackage;
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {}

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        if (isAdapter(singleton.getRevision())) {
            collisionCandidates.clear();
        } else {
            collisionCandidates.removeIf(candidate -> isAdapter(candidate.getRevision()));
        }
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        BundleRevision requirer = requirement.getRevision();
        candidates.removeIf(candidate -> !mayWire(requirer, requirement.getNamespace(), candidate));
    }

    private boolean mayWire(BundleRevision requirer, String namespace, BundleCapability candidate) {
        if (isAdapter(candidate.getRevision())) {
            return requirer.equals(candidate.getRevision());
        }
        if (!isAdapter(requirer)) {
            return true;
        }
        if (namespace.equals(PackageNamespace.PACKAGE_NAMESPACE)) {
            return candidate.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) instanceof String name
                    && allowedPackage.test(name);
        }
        return HARMLESS.contains(namespace);
    }

    private boolean isAdapter(BundleRevision revision) {
        return adapters.contains(revision.getBundle());
    }

    @Override
    public void end() {}
}
