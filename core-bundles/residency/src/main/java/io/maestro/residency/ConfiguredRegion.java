package io.maestro.residency;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.trust.AdapterManifest.Permissions;
import io.maestro.model.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads it where it stands: in the configuration of the instance, as {@code region} or {@code location}; of an adapter that
 * speaks to no host, and so keeps its data on the node, in the installation's policy settings. Contracts of storage have no
 * operation yet that asks the outside system.
 */
final class ConfiguredRegion implements ReportedRegion {
    private static final List<String> PROPERTIES = List.of("region", "location");

    private final Supplier<Json> settings;

    /** Reads the configuration, and the policy settings of the installation that the supplier gives. */
    ConfiguredRegion(Supplier<Json> settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> of(Instance instance, Definition definition) {
        JsonNode configuration = Documents.tree(instance.configuration().text());
        for (String property : PROPERTIES) {
            Optional<String> said = text(configuration.path(property));
            if (said.isPresent()) {
                return said;
            }
        }
        Permissions permissions = definition.manifest().permissions();
        return permissions.network().isEmpty()
                ? text(Documents.tree(settings.get().text()).path("region"))
                : Optional.empty();
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() && !node.asText().isEmpty()
                ? Optional.of(node.asText().toLowerCase(Locale.ROOT))
                : Optional.empty();
    }
}
