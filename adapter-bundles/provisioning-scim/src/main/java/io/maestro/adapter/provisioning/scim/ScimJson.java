package io.maestro.adapter.provisioning.scim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps, lists, texts, numbers, truth values and null. Names are found in any case, as SCIM has them (RFC 7643, 2.1).
 * What is read is bounded in depth, in number of values and in length of names; its size in bytes is the connection's matter.
 */
final class ScimJson {
    private static final int DEEPEST = 20;

    /** A page of 200 users with a hundred values each; as objects some 5 MB, and many calls may hold one at a time. */
    private static final int MOST_VALUES = 20_000;

    /** Nothing is kept for the next document, neither buffers, which would stay with threads, nor names that an outsider chose. */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(1024)
                    .maxNumberLength(100)
                    .build())
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    /** The document has more values than may be. */
    static final class TooMany extends IOException {
        private static final long serialVersionUID = 1;

        TooMany() {
            super("more than " + MOST_VALUES + " values");
        }
    }

    private final JsonParser parser;
    private int values;

    private ScimJson(JsonParser parser) {
        this.parser = parser;
    }

    /** An object of any names, found in any case. */
    static Map<String, @Nullable Object> object() {
        return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }

    /**
     * Reads an object.
     *
     * @throws IOException when it is none, or beyond the bounds
     */
    static Map<String, @Nullable Object> read(byte[] document) throws IOException {
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no JSON object");
            }
            Map<String, @Nullable Object> read = new ScimJson(parser).readObject();
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON object");
            }
            return read;
        }
    }

    private Map<String, @Nullable Object> readObject() throws IOException {
        Map<String, @Nullable Object> object = object();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, readValue());
        }
        return object;
    }

    private List<@Nullable Object> readList() throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(readValue());
        }
        return list;
    }

    private @Nullable Object readValue() throws IOException {
        values++;
        if (values > MOST_VALUES) {
            throw new TooMany();
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject();
            case START_ARRAY -> readList();
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("no JSON value");
        };
    }

    /** Writes an object. */
    static byte[] write(Map<String, ?> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(bytes)) {
            write(generator, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case Map<?, ?> object -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> entry : object.entrySet()) {
                    generator.writeFieldName(String.valueOf(entry.getKey()));
                    write(generator, entry.getValue());
                }
                generator.writeEndObject();
            }
            case List<?> list -> {
                generator.writeStartArray();
                for (Object item : list) {
                    write(generator, item);
                }
                generator.writeEndArray();
            }
            case String text -> generator.writeString(text);
            case Boolean truth -> generator.writeBoolean(truth);
            case BigDecimal number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }
}
