package io.maestro.packs;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** The published schemas by their ids; none is looked for anywhere else. */
final class Schemas {
    private static final String INPUT = "urn:maestro:policy:input:1.0";

    private final Map<String, String> texts = new TreeMap<>();
    private final JsonSchemaFactory factory;

    Schemas() {
        for (Path file : Packs.files(Packs.SCHEMAS, ".schema.json")) {
            String text = Packs.read(file);
            texts.put(Packs.json(text).required("$id").textValue(), text);
        }
        factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012, builder -> builder.schemaLoaders(loaders -> loaders.schemas(texts)));
    }

    List<String> ids() {
        return List.copyOf(texts.keySet());
    }

    /** What is wrong with the input of an entry point. */
    List<String> ofInput(JsonNode input) {
        return of(INPUT + ":" + input.path("entryPoint").asText().replace('/', ':'), input);
    }

    /** What is wrong. */
    List<String> of(String id, JsonNode node) {
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        JsonSchema schema = factory.getSchema(SchemaLocation.of(id), config);
        return schema.validate(node).stream().map(Object::toString).toList();
    }

    /** The entry points that inputs may name. */
    List<String> entryPoints() {
        JsonNode words = Packs.json(texts.getOrDefault(INPUT, "{}")).at("/properties/entryPoint/enum");
        List<String> names = new ArrayList<>();
        StreamSupport.stream(words.spliterator(), false).forEach(word -> names.add(word.textValue()));
        return names;
    }
}
