package io.maestro.api.adapters;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Questions about types, definitions and instances. The database filters, sorts and pages; a cursor belongs to the filter
 * and the order that it was given for, and any other refuses it. Blocks on the database; any thread.
 */
@ProviderType
public interface Registry {
    /** The adapter types that this release knows, by name. */
    List<Type> types();

    /** Definitions. */
    Page<Definition> definitions(DefinitionQuery query, PageRequest page);

    /**
     * Definitions that have a newer version, by name and version.
     *
     * @param preReleases whether a pre-release counts as newer
     */
    Page<Outdated> outdated(boolean preReleases, PageRequest page);

    /** Instances of one tenant; an environment that is asked for and not there is refused. */
    Page<Instance> instances(TenantId tenant, InstanceQuery query, PageRequest page);

    /**
     * Instances of a definition, by tenant, environment and name; a definition that is not there is refused.
     *
     * @param tenant only those of this one; null for all, which only the installation's own may see
     * @param environment only those of this one; null for all
     */
    Page<Instance> instancesOf(
            DefinitionId definition, @Nullable TenantId tenant, @Nullable Environment environment, PageRequest page);

    /**
     * Definitions that a tenant uses, by environment, name and version.
     *
     * @param environment only there; null for all
     * @param type only these; null for all
     */
    Page<Installed> installed(
            TenantId tenant, @Nullable Environment environment, @Nullable TypeName type, PageRequest page);

    /**
     * Instances whose definition has a newer version, by environment and name.
     *
     * @param environment only there; null for all
     * @param preReleases whether a pre-release counts as newer
     */
    Page<Upgradable> upgradable(
            TenantId tenant, @Nullable Environment environment, boolean preReleases, PageRequest page);

    /** What depends on the instance, as all {@link Dependents} tell; {@link AdapterProblem#INSTANCE_UNKNOWN}. */
    List<Dependent> dependents(Scope scope, InstanceId instance);

    /**
     * Checks what somebody wants against what is there.
     *
     * @param wanted at most {@value #MOST_REQUIREMENTS}
     * @return one finding for each, in the same order
     * @throws io.maestro.model.ProblemException {@code invalid-request} when a range or a version cannot be read
     */
    List<Finding> check(Scope scope, List<Requirement> wanted);

    /** The most requirements of one check. */
    int MOST_REQUIREMENTS = 100;

    /**
     * An adapter type.
     *
     * @param contractVersion of its operations, {@code MAJOR.MINOR}
     * @param operations in the order of the documentation
     */
    record Type(TypeName name, String contractVersion, List<TypeOperation> operations) {
        /** Copies the list. */
        public Type {
            operations = List.copyOf(operations);
        }
    }

    /**
     * An operation of a type.
     *
     * @param changes whether it changes something outside
     */
    record TypeOperation(OperationName name, boolean changes) {}

    /** What definitions can be sorted by. */
    enum DefinitionSort {
        /** Name, then version by precedence. */
        NAME,
        /** When it was admitted. */
        CREATED_AT
    }

    /**
     * Which definitions; what is null does not matter.
     *
     * @param risk {@code low}, {@code medium} or {@code high}
     * @param owner the beginning of the owner, in any case
     * @param newest only the newest version of each name
     * @param preReleases whether the newest may be a pre-release
     */
    record DefinitionQuery(
            @Nullable TypeName type,
            @Nullable AdapterName name,
            @Nullable PublisherName publisher,
            @Nullable String risk,
            @Nullable String owner,
            boolean newest,
            boolean preReleases,
            Sort<DefinitionSort> sort) {
        /** All of them, by name and version. */
        public static DefinitionQuery all() {
            return new DefinitionQuery(null, null, null, null, null, false, false, Sort.ascending(DefinitionSort.NAME));
        }
    }

    /** What instances can be sorted by. */
    enum InstanceSort {
        /** Name, then environment. */
        NAME,
        /** When it was last changed. */
        UPDATED_AT,
        /** Name of the adapter, then of the instance. */
        ADAPTER
    }

    /**
     * Which instances; what is null does not matter.
     *
     * @param observed as this node wrote it down last, which may be a moment behind
     */
    record InstanceQuery(
            @Nullable Environment environment,
            @Nullable TypeName type,
            @Nullable AdapterName adapter,
            @Nullable AdapterVersion version,
            @Nullable Wanted wanted,
            @Nullable Observed observed,
            Sort<InstanceSort> sort) {
        /** All of them, by name. */
        public static InstanceQuery all() {
            return in(null);
        }

        /** Those of one environment, by name. */
        public static InstanceQuery in(@Nullable Environment environment) {
            return new InstanceQuery(environment, null, null, null, null, null, Sort.ascending(InstanceSort.NAME));
        }
    }

    /**
     * A definition in use.
     *
     * @param instances how many
     * @param newest a newer version that is no pre-release; null when there is none
     */
    record Installed(
            Environment environment,
            DefinitionId definition,
            TypeName type,
            long instances,
            @Nullable AdapterVersion newest) {}

    /** A definition with the newest version of its name. */
    record Outdated(DefinitionId definition, AdapterVersion newest) {}

    /** An instance with the newest version of its adapter. */
    record Upgradable(Scope scope, InstanceId instance, DefinitionId definition, AdapterVersion newest) {}

    /**
     * Something that needs an instance.
     *
     * @param kind what it is, for example {@code workflow}
     * @param id names it within its kind
     * @param name what people call it
     */
    record Dependent(String kind, String id, String name) {}
}
