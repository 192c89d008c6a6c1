package io.maestro.adapter.storage.gcs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from outside. What is asked for and not there, or of another type, is {@link Malformed}; numbers are told as
 * texts, because Google gives large ones as strings.
 */
final class JsonObject {
    /** A page of 1000 objects has some 5000, and some 30 000 where a service tells more of them than was asked. */
    private static final int MOST_VALUES = 50_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // no message is to have a piece of what was read
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // nor is a name of an outsider to be kept for the next document
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            // otherwise the threads of the host would keep buffers of this bundle
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(64 * 1024)
                    .maxNameLength(4 * 1024)
                    .maxNumberLength(32)
                    .build())
            .build();

    private final Map<String, Object> values;

    private JsonObject(Map<String, Object> values) {
        this.values = values;
    }

    /** What was read is not what it should be. Has no cause and no message, which could tell secrets. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
    }

    static JsonObject parse(byte[] bytes) throws Malformed {
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                JsonObject object = new Reading(parser).object();
                if (parser.nextToken() == null) {
                    return object;
                }
            }
        } catch (IOException e) {
            throw new Malformed();
        }
        throw new Malformed();
    }

    /** One document, read up to so many values: a value of few bytes takes many times as much memory. */
    private static final class Reading {
        private final JsonParser parser;
        private int values;

        Reading(JsonParser parser) {
            this.parser = parser;
        }

        JsonObject object() throws IOException {
            Map<String, Object> object = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                Object value = value(parser.nextToken());
                if (value != null) {
                    object.put(name, value);
                }
            }
            return new JsonObject(object);
        }

        private List<Object> list() throws IOException {
            List<Object> list = new ArrayList<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                Object value = value(next);
                if (value != null) {
                    list.add(value);
                }
            }
            return list;
        }

        private @Nullable Object value(JsonToken token) throws IOException {
            values++;
            if (values > MOST_VALUES) {
                throw new IOException("more than " + MOST_VALUES + " values");
            }
            return switch (token) {
                case START_OBJECT -> object();
                case START_ARRAY -> list();
                case VALUE_NULL -> null;
                case null, default -> parser.getText();
            };
        }
    }

    /** A text or number that has to be there. */
    String text(String name) throws Malformed {
        String text = textOrNull(name);
        if (text == null) {
            throw new Malformed();
        }
        return text;
    }

    /** A text or number; null when it is not there. */
    @Nullable
    String textOrNull(String name) throws Malformed {
        Object value = values.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new Malformed();
    }

    /** A whole number that is not negative. */
    long number(String name) throws Malformed {
        String text = text(name);
        if (!text.matches("\\d{1,18}")) {
            throw new Malformed();
        }
        return Long.parseLong(text);
    }

    /** The objects of a list; none when it is not there. */
    List<JsonObject> objects(String name) throws Malformed {
        Object value = values.getOrDefault(name, List.of());
        if (!(value instanceof List<?> list)) {
            throw new Malformed();
        }
        List<JsonObject> objects = new ArrayList<>();
        for (Object one : list) {
            if (!(one instanceof JsonObject object)) {
                throw new Malformed();
            }
            objects.add(object);
        }
        return objects;
    }

    /** The texts of a list; none when it is not there. */
    List<String> textList(String name) throws Malformed {
        Object value = values.getOrDefault(name, List.of());
        if (!(value instanceof List<?> list)) {
            throw new Malformed();
        }
        List<String> texts = new ArrayList<>();
        for (Object one : list) {
            if (!(one instanceof String text)) {
                throw new Malformed();
            }
            texts.add(text);
        }
        return texts;
    }

    /** An object; an empty one when it is not there. */
    JsonObject object(String name) throws Malformed {
        Object value = values.get(name);
        if (value == null) {
            return new JsonObject(Map.of());
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new Malformed();
    }

    /** All values, which have to be texts. */
    Map<String, String> texts() throws Malformed {
        Map<String, String> texts = new HashMap<>();
        for (String name : values.keySet()) {
            texts.put(name, text(name));
        }
        return texts;
    }

    /** Writes an object of texts, whole numbers and objects of texts. */
    static byte[] write(Map<String, ?> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(bytes)) {
            write(generator, object);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing fails in memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator generator, Map<?, ?> object) throws IOException {
        generator.writeStartObject();
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            generator.writeFieldName(String.valueOf(entry.getKey()));
            switch (entry.getValue()) {
                case Map<?, ?> inner -> write(generator, inner);
                case Long number -> generator.writeNumber(number);
                case String text -> generator.writeString(text);
                default -> throw new IllegalStateException("not written: " + entry.getKey());
            }
        }
        generator.writeEndObject();
    }
}
