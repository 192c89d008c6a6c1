package io.maestro.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.AdapterManifest.Permissions;
import io.maestro.api.trust.AdapterManifest.Risk;
import io.maestro.api.trust.ImportAllowlist;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Json;
import io.maestro.model.ProblemException;
import io.maestro.model.TypeName;
import io.maestro.model.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads and checks {@code META-INF/maestro/adapter.yaml}. Immutable; any thread. */
final class ManifestReader {
    static final String ENTRY = "META-INF/maestro/adapter.yaml";

    private static final String SCHEMA = "/io/maestro/contracts/adapter-manifest.schema.json";
    private static final int MOST_VIOLATIONS = 20;
    private static final String FIX = "Mend the manifest; its schema is adapter-manifest.schema.json of the dev kit.";

    private final JsonMapper json = new JsonMapper();
    private final int limit;
    private final JsonSchema manifestSchema;
    private final JsonSchema schemaOfSchemas;

    ManifestReader(int limit) {
        this.limit = limit;
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .locale(Locale.ENGLISH)
                .pathType(PathType.JSON_POINTER)
                .build();
        try (InputStream in = ManifestReader.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("the manifest schema is not in the bundle");
            }
            manifestSchema = factory.getSchema(in, InputFormat.JSON, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        schemaOfSchemas = factory.getSchema(SchemaLocation.of(SpecVersion.VersionFlag.V202012.getId()), config);
    }

    /** The manifest's name and version as far as they can be read, for the list of refused artifacts. */
    Glimpse glimpse(JarContent jar) {
        byte[] yaml = jar.bytes(ENTRY, limit);
        if (yaml == null) {
            return Glimpse.NOTHING;
        }
        try {
            JsonNode manifest = ManifestYaml.parse(yaml);
            return new Glimpse(glimpse(manifest.path("name")), glimpse(manifest.path("version")));
        } catch (ProblemException e) {
            return Glimpse.NOTHING;
        }
    }

    private static @Nullable String glimpse(JsonNode value) {
        return value.isTextual() ? Refusals.printable(value.asText()) : null;
    }

    /** The manifest, or a problem with JSON Pointers. */
    AdapterManifest read(JarContent jar) {
        long size = jar.size(ENTRY);
        byte[] yaml = jar.bytes(ENTRY, limit);
        if (size < 0) {
            throw Refusals.at(
                    TrustProblem.MANIFEST_MISSING,
                    ENTRY,
                    "there is no entry " + ENTRY,
                    "Add the adapter's manifest to the jar under " + ENTRY + ".");
        }
        if (yaml == null) {
            throw Refusals.at(
                    TrustProblem.MANIFEST_INVALID,
                    ENTRY,
                    ENTRY + " has " + size + " bytes, more than " + limit,
                    "Keep the manifest under " + limit + " bytes.");
        }
        JsonNode manifest = ManifestYaml.parse(yaml);
        refuseIfAny(TrustProblem.MANIFEST_INVALID, violations(manifestSchema, manifest, ""), FIX);
        JsonNode configuration = manifest.get("configuration");
        List<Violation> violations = new ArrayList<>(violations(schemaOfSchemas, configuration, "/configuration"));
        if (violations.isEmpty()) {
            violations.addAll(ConfigurationRules.violations(configuration, "/configuration"));
        }
        violations.addAll(networkViolations(manifest, configuration));
        refuseIfAny(TrustProblem.MANIFEST_INVALID, violations, FIX);
        refuseIfAny(
                TrustProblem.IMPORT_FORBIDDEN,
                packageViolations(manifest),
                "Embed the library in the bundle. An adapter may import " + ImportAllowlist.describe() + ".");
        checkType(manifest.get("type").asText(), manifest.get("contractVersion").asText());
        return manifest(manifest, configuration);
    }

    private AdapterManifest manifest(JsonNode manifest, JsonNode configuration) {
        JsonNode risk = manifest.get("risk");
        JsonNode permissions = manifest.get("permissions");
        try {
            return new AdapterManifest(
                    new DefinitionId(
                            new AdapterName(manifest.get("name").asText()),
                            new AdapterVersion(manifest.get("version").asText())),
                    new TypeName(manifest.get("type").asText()),
                    manifest.get("contractVersion").asText(),
                    manifest.get("description").asText(),
                    manifest.get("owner").asText(),
                    manifest.get("licence").asText(),
                    new Risk(
                            risk.get("adapter_risk_level").asText(),
                            risk.get("data_sensitivity").asText(),
                            risk.get("requires_approval").asBoolean()),
                    new Json(json.writeValueAsString(configuration)),
                    new Permissions(
                            texts(permissions.get("network")),
                            permissions.get("files").asBoolean(),
                            texts(permissions.get("packages"))),
                    new Json(json.writeValueAsString(manifest)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkType(String name, String version) {
        AdapterType<?> type = AdapterType.all().stream()
                .filter(known -> known.name().value().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusals.at(
                        TrustProblem.MANIFEST_TYPE_UNKNOWN,
                        "/type",
                        "there is no adapter type \"" + name + "\"",
                        "Use one of: "
                                + AdapterType.all().stream()
                                        .map(known -> known.name().value())
                                        .collect(Collectors.joining(", "))
                                + "."));
        String[] ours = type.contractVersion().split("\\.", -1);
        String[] theirs = version.split("\\.", -1);
        if (!ours[0].equals(theirs[0]) || Integer.parseInt(theirs[1]) > Integer.parseInt(ours[1])) {
            throw Refusals.at(
                    TrustProblem.MANIFEST_TYPE_UNKNOWN,
                    "/contractVersion",
                    "the contract " + version + " of type " + name + " is not known; this server has "
                            + type.contractVersion(),
                    "Build the adapter against the contract " + type.contractVersion() + ".");
        }
    }

    /** A host taken from the configuration must be taken from a property that is there. */
    private static List<Violation> networkViolations(JsonNode manifest, JsonNode configuration) {
        List<String> hosts = texts(manifest.path("permissions").path("network"));
        Set<String> properties = configuration
                .path("properties")
                .propertyStream()
                .filter(property ->
                        "string".equals(property.getValue().path("type").asText()))
                .map(property -> "${" + property.getKey() + "}")
                .collect(Collectors.toSet());
        List<Violation> found = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            if (hosts.get(i).startsWith("$") && !properties.contains(hosts.get(i))) {
                found.add(new Violation(
                        "/permissions/network/" + i, hosts.get(i) + " names no text property of the configuration"));
            }
        }
        return found;
    }

    private static List<Violation> packageViolations(JsonNode manifest) {
        List<String> packages = texts(manifest.path("permissions").path("packages"));
        List<Violation> found = new ArrayList<>();
        for (int i = 0; i < packages.size(); i++) {
            if (!ImportAllowlist.allows(packages.get(i))) {
                found.add(new Violation(
                        "/permissions/packages/" + i, "the package " + packages.get(i) + " is not on the allowlist"));
            }
        }
        return found;
    }

    private static List<Violation> violations(JsonSchema schema, JsonNode document, String base) {
        return schema.validate(document).stream()
                .map(message -> new Violation(
                        Refusals.printable(base + message.getInstanceLocation()),
                        Refusals.printable(message.getError())))
                .distinct()
                .sorted(Comparator.comparing(Violation::pointer))
                .limit(MOST_VIOLATIONS)
                .toList();
    }

    private static void refuseIfAny(TrustProblem code, List<Violation> violations, String fix) {
        if (!violations.isEmpty()) {
            throw Refusals.of(code, violations, fix);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /**
     * What a manifest says of itself, unchecked.
     *
     * @param name null when it cannot be read
     * @param version null when it cannot be read
     */
    record Glimpse(@Nullable String name, @Nullable String version) {
        static final Glimpse NOTHING = new Glimpse(null, null);
    }
}
