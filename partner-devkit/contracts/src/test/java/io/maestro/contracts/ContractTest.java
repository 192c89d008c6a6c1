package io.maestro.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java contract of every adapter type and its published schemas agree. */
final class ContractTest {
    private static final JsonMapper JSON = ContractJson.mapper();

    /** One record of an operation with its schema. */
    record Side(String name, Class<? extends Record> type, JsonNode schema) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<AdapterType<?>> types() {
        return AdapterType.all();
    }

    static Stream<Side> sides() {
        return types().stream()
                .flatMap(type -> type.operations().stream()
                        .flatMap(operation -> Stream.of(
                                side(type, operation, "input", operation.input()),
                                side(type, operation, "output", operation.output()))));
    }

    private static Side side(
            AdapterType<?> type, Operation<?, ?, ?> operation, String side, Class<? extends Record> record) {
        String name = type.name() + "/" + operation.name() + "." + side + ".schema.json";
        return new Side(name, record, resource(name));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void recordAndSchemaAgree(Side side) {
        assertThat(Agreement.differences(side.type(), side.schema())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("sides")
    void everySmallChangeOfASchemaIsNoticed(Side side) {
        Map<String, JsonNode> mutants = Mutations.of(side.schema());
        assertThat(mutants).isNotEmpty();
        assertThat(mutants)
                .allSatisfy((change, mutant) -> assertThat(Agreement.differences(side.type(), mutant))
                        .as(change)
                        .isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("sides")
    void randomRecordsAreValidAndComeBackEqual(Side side) throws ReflectiveOperationException, IOException {
        JsonSchema schema = compiled(side);
        RandomRecords records = new RandomRecords(20260101);
        for (int i = 0; i < 100; i++) {
            Record record = records.record(side.type(), side.schema());
            String json = JSON.writeValueAsString(record);
            assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
            assertThat((Object) JSON.readValue(json, side.type())).isEqualTo(record);
        }
    }

    @ParameterizedTest
    @MethodSource("sides")
    void examplesAreValidAndReadable(Side side) throws IOException {
        JsonSchema schema = compiled(side);
        JsonNode examples = side.schema().path("examples");
        assertThat(examples).isNotEmpty();
        for (JsonNode example : examples) {
            assertThat(schema.validate(example)).as(example.toString()).isEmpty();
            Record record = JSON.treeToValue(example, side.type());
            JsonNode again = JSON.readTree(JSON.writeValueAsString(record));
            example.fieldNames()
                    .forEachRemaining(
                            name -> assertThat(again.get(name)).as(name).isEqualTo(example.get(name)));
        }
    }

    @ParameterizedTest
    @MethodSource("sides")
    void unknownAndMissingPropertiesAreRefused(Side side) {
        JsonSchema schema = compiled(side);
        ObjectNode more = side.schema().path("examples").get(0).deepCopy();
        more.put("surprise", 1);
        assertThat(schema.validate(more)).isNotEmpty();
        for (JsonNode required : side.schema().path("required")) {
            ObjectNode less = side.schema().path("examples").get(0).deepCopy();
            less.remove(required.asText());
            assertThat(schema.validate(less)).as("without " + required).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void indexListsTheOperationsAsJavaHasThem(AdapterType<?> type) {
        JsonNode index = resource(type.name() + "/type.json");
        assertThat(index.path("name").asText()).isEqualTo(type.name().value());
        assertThat(index.path("contractVersion").asText()).isEqualTo(type.contractVersion());
        List<String> listed = new ArrayList<>();
        index.path("operations")
                .forEach(operation -> listed.add(String.join(
                        " ",
                        operation.path("name").asText(),
                        operation.path("effect").asText(),
                        operation.path("stream").asText(),
                        operation.path("input").asText(),
                        operation.path("output").asText())));
        List<String> expected = type.operations().stream()
                .map(operation -> String.join(
                        " ",
                        operation.name().value(),
                        operation.effect().name().toLowerCase(Locale.ROOT),
                        stream(operation),
                        operation.name() + ".input.schema.json",
                        operation.name() + ".output.schema.json"))
                .toList();
        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void schemasHaveDistinctIdentifiers() {
        assertThat(sides().map(side -> side.schema().path("$id").asText()))
                .allMatch(id -> id.startsWith("urn:maestro:contract:"))
                .doesNotHaveDuplicates();
    }

    private static String stream(Operation<?, ?, ?> operation) {
        return switch (operation) {
            case Operation.Plain<?, ?, ?> plain -> "none";
            case Operation.Upload<?, ?, ?> upload -> "in";
            case Operation.Download<?, ?, ?, ?> download -> "out";
        };
    }

    private static JsonSchema compiled(Side side) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        SchemaLocation.of(side.schema().path("$id").asText()),
                        side.schema(),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .locale(Locale.ROOT)
                                .build());
    }

    private static JsonNode resource(String name) {
        try (InputStream stream = ContractTest.class.getResourceAsStream("/io/maestro/contracts/" + name)) {
            return JSON.readTree(Objects.requireNonNull(stream, () -> "no such schema: " + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
