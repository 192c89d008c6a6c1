package io.maestro.residency;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.trust.AdapterManifest.Permissions;
import io.maestro.model.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads it where it stands: in the configuration of the instance, as {@code region} or {@code location}; where that is not set, in
 * the default that the adapter's schema has for it; of an adapter that speaks to no host, and so keeps its data on the node,
 * in the installation's policy settings. Contracts of storage have no operation yet that asks the outside system.
 */
final class ConfiguredRegion implements ReportedRegion {
    private static final List<String> PROPERTIES = List.of("region", "location");

    private final Supplier<Json> settings;

    /** Reads the configuration, and the policy settings of the installation that the supplier gives. */
    ConfiguredRegion(Supplier<Json> settings) {
        this.settings = settings;
    }

    @Override
    public Reported of(Instance instance, Definition definition) {
        JsonNode configuration = Documents.tree(instance.configuration().text());
        JsonNode known =
                Documents.tree(definition.manifest().configuration().text()).path("properties");
        Optional<String> said = first(property -> configuration.path(property))
                .or(() -> first(property -> known.path(property).path("default")))
                .or(() -> ofTheNode(definition.manifest().permissions()));
        if (said.isPresent()) {
            return new Reported.In(said.get());
        }
        return PROPERTIES.stream().anyMatch(known::has) ? new Reported.Withheld() : new Reported.Nothing();
    }

    private static Optional<String> first(Function<String, JsonNode> where) {
        return PROPERTIES.stream()
                .map(where)
                .map(ConfiguredRegion::text)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> ofTheNode(Permissions permissions) {
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
