package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.Operation.Effect;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Dependents;
import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Requirement;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers the registry's questions: rows from the database, with what this node observes of them. */
final class HostedRegistry implements Registry {
    private static final int MOST_DEPENDENTS = 500;

    private final JooqRegistry rows;
    private final JooqDefinitions definitions;
    private final HostedInstances instances;
    private final Tenants tenants;
    private final List<AdapterType<?>> types;
    private final List<Dependents> dependents;

    HostedRegistry(
            JooqRegistry rows,
            JooqDefinitions definitions,
            HostedInstances instances,
            Tenants tenants,
            List<AdapterType<?>> types,
            List<Dependents> dependents) {
        this.rows = rows;
        this.definitions = definitions;
        this.instances = instances;
        this.tenants = tenants;
        this.types = types;
        this.dependents = dependents;
    }

    @Override
    public List<Type> types() {
        return types.stream()
                .map(type -> new Type(
                        type.name(),
                        type.contractVersion(),
                        type.operations().stream()
                                .map(operation ->
                                        new TypeOperation(operation.name(), operation.effect() != Effect.READ))
                                .toList()))
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    @Override
    public Page<Definition> definitions(DefinitionQuery query, PageRequest page) {
        return rows.definitions(query, page);
    }

    @Override
    public Page<Outdated> outdated(boolean preReleases, PageRequest page) {
        return rows.outdated(preReleases, page);
    }

    @Override
    public Page<Instance> instances(TenantId tenant, InstanceQuery query, PageRequest page) {
        require(tenant, query.environment());
        return rows.instances(tenant, query, page).map(instances::instance);
    }

    @Override
    public Page<Instance> instancesOf(
            DefinitionId definition, @Nullable TenantId tenant, @Nullable Environment environment, PageRequest page) {
        definitions.require(definition);
        return rows.instancesOf(definition, tenant, environment, page).map(instances::instance);
    }

    @Override
    public Page<Installed> installed(
            TenantId tenant, @Nullable Environment environment, @Nullable TypeName type, PageRequest page) {
        require(tenant, environment);
        return rows.installed(tenant, environment, type, page);
    }

    @Override
    public Page<Upgradable> upgradable(
            TenantId tenant, @Nullable Environment environment, boolean preReleases, PageRequest page) {
        require(tenant, environment);
        return rows.upgradable(tenant, environment, preReleases, page);
    }

    @Override
    public List<Dependent> dependents(Scope scope, InstanceId instance) {
        instances.instance(scope, instance);
        List<Dependent> found = new ArrayList<>();
        for (Dependents source : dependents) {
            if (found.size() < MOST_DEPENDENTS) {
                found.addAll(source.of(scope, instance, MOST_DEPENDENTS - found.size()));
            }
        }
        return List.copyOf(found.subList(0, Math.min(found.size(), MOST_DEPENDENTS)));
    }

    @Override
    public List<Finding> check(Scope scope, List<Requirement> wanted) {
        if (wanted.size() > MOST_REQUIREMENTS) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "these are " + wanted.size() + " requirements",
                            "Check at most " + MOST_REQUIREMENTS + " at a time.")
                    .asException();
        }
        tenants.require(scope);
        Set<TypeName> asked = wanted.stream().map(Requirement::type).collect(Collectors.toSet());
        Set<InstanceId> named = new HashSet<>();
        for (Requirement requirement : wanted) {
            if (requirement.instance() != null) {
                named.add(requirement.instance());
            }
        }
        RequirementCheck check = new RequirementCheck(
                scope,
                types,
                rows.instances(scope, asked, named).stream()
                        .map(instances::instance)
                        .toList(),
                rows.offers(asked));
        return wanted.stream().map(check::check).toList();
    }

    /** An empty list would hide a mistyped name. */
    private void require(TenantId tenant, @Nullable Environment environment) {
        if (environment == null) {
            tenants.tenant(tenant);
        } else {
            tenants.require(new Scope(tenant, environment));
        }
    }
}
