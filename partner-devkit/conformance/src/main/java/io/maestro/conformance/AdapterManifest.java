package io.maestro.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An adapter's manifest, as far as the kit asks it. Admission to a server asks more. */
public final class AdapterManifest {
    /** Where the manifest is in a bundle. */
    public static final String ENTRY = "META-INF/maestro/adapter.yaml";

    private static final String SCHEMA = "/io/maestro/contracts/adapter-manifest.schema.json";

    private final JsonMapper json = new JsonMapper();
    private final SchemaValidatorsConfig english =
            SchemaValidatorsConfig.builder().locale(Locale.ENGLISH).build();
    private final JsonNode document;

    private AdapterManifest(JsonNode document) {
        this.document = document;
    }

    /** Reads the YAML at this address. */
    public static AdapterManifest read(URL address) throws IOException {
        try (InputStream yaml = address.openStream()) {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return new AdapterManifest(new JsonMapper().valueToTree(document));
        }
    }

    /** Where the manifest breaks its schema. */
    public List<String> violations() throws IOException {
        try (InputStream schema = AdapterManifest.class.getResourceAsStream(SCHEMA)) {
            if (schema == null) {
                throw new FileNotFoundException("maestro-contracts is not on the class path");
            }
            return texts(factory().getSchema(schema, InputFormat.JSON, english).validate(document));
        }
    }

    /** Where a configuration breaks the schema that the manifest gives for it. */
    public List<String> violations(Map<String, ?> configuration) {
        JsonNode values = json.valueToTree(configuration);
        return texts(
                factory().getSchema(document.path("configuration"), english).validate(values));
    }

    /** The adapter's name and version. */
    public String id() {
        return document.path("name").asText() + "@" + document.path("version").asText();
    }

    /** The adapter's type. */
    public String type() {
        return document.path("type").asText();
    }

    /** The version of the type's contract. */
    public String contractVersion() {
        return document.path("contractVersion").asText();
    }

    /** Whether the adapter asks for any host. */
    public boolean asksForNetwork() {
        return !document.path("permissions").path("network").isEmpty();
    }

    /** The names of all properties of a configuration. */
    public Set<String> properties() {
        Set<String> names = new TreeSet<>();
        document.path("configuration").path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The names of those that are secrets. */
    public Set<String> secrets() {
        Set<String> names = new TreeSet<>();
        document.path("configuration").path("properties").properties().forEach(property -> {
            if (property.getValue().path("writeOnly").asBoolean()) {
                names.add(property.getKey());
            }
        });
        return names;
    }

    private static JsonSchemaFactory factory() {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    }

    private static List<String> texts(Set<ValidationMessage> messages) {
        return messages.stream().map(ValidationMessage::toString).sorted().toList();
    }
}
