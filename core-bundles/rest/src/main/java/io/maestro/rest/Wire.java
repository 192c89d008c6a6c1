package io.maestro.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** JSON as it crosses the wire: strict, bounded, and the one place that knows how. */
final class Wire {
    /** The largest JSON body. */
    static final int LARGEST_BODY = 2 * 1024 * 1024;

    private static final int USUAL_BODY = 1024;
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 100;

    private final ObjectMapper mapper;

    Wire() {
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxStringLength(LARGEST_BODY)
                .maxNameLength(1024)
                .maxNumberLength(LONGEST_NUMBER)
                .maxDocumentLength(LARGEST_BODY)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(bounds)
                // the usual pool is one per thread, and a virtual thread is never seen again
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        this.mapper = JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .annotationIntrospector(new LowerCaseConstants())
                .addModule(new SimpleModule().addSerializer(new RawOut()).addDeserializer(Json.class, new RawIn()))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
                .build();
    }

    /** Writes a value in UTF-8. */
    byte[] bytes(Object value) throws IOException {
        return value instanceof byte[] done ? done : mapper.writeValueAsBytes(value);
    }

    /** Reads a record from a request's body. */
    <T> T read(Class<T> type, byte[] body) {
        try {
            T value = mapper.readValue(body, type);
            if (value == null) {
                throw invalid("the body is null", "Send a JSON object.", List.of());
            }
            return value;
        } catch (JsonProcessingException e) {
            throw JsonProblem.of(e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }

    /** Reads a document that a service gave. */
    JsonNode tree(byte[] json) {
        try {
            return mapper.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("a service answered with malformed JSON", e);
        }
    }

    /**
     * Reads an object that somebody sent, as strictly as {@link #read}; null when nothing was sent. What a policy cannot
     * be shown must not reach the endpoint either, since that might read it otherwise.
     */
    @Nullable
    ObjectNode sent(byte[] body) {
        try {
            JsonNode tree = mapper.readTree(body);
            if (tree.isMissingNode()) {
                return null;
            }
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw invalid("the body is JSON, but no object", "Send a JSON object.", List.of());
        } catch (JsonProcessingException e) {
            throw JsonProblem.of(e);
        } catch (IOException e) {
            throw invalid("the body is not valid UTF-8", "Send the JSON object in UTF-8.", List.of());
        }
    }

    /** A new, empty JSON object. */
    ObjectNode object() {
        return mapper.createObjectNode();
    }

    /** Reads a body whole, up to {@link #LARGEST_BODY}; the announced length is not believed. */
    static byte[] bounded(InputStream body) throws IOException {
        byte[] bytes = new byte[USUAL_BODY];
        int length = body.readNBytes(bytes, 0, bytes.length);
        while (length == bytes.length && length <= LARGEST_BODY) {
            bytes = Arrays.copyOf(bytes, Math.min(2 * length, LARGEST_BODY + 1));
            length += body.readNBytes(bytes, length, bytes.length - length);
        }
        if (length > LARGEST_BODY) {
            throw Problem.of(
                            CallerProblem.BODY_TOO_LARGE,
                            "the body is larger than " + LARGEST_BODY + " bytes",
                            "Send objects with PUT …/objects/KEY, which has no such limit.")
                    .asException();
        }
        return Arrays.copyOf(bytes, length);
    }

    /** The value, unless the field was left out of a request. */
    static <T> T required(String pointer, @Nullable T value) {
        if (value == null) {
            throw invalid(
                    "the field " + pointer + " is missing",
                    "Add the field.",
                    List.of(new Violation(pointer, "is required")));
        }
        return value;
    }

    static RuntimeException invalid(String detail, @Nullable String fix, List<Violation> violations) {
        return Problem.of(CallerProblem.INVALID_REQUEST, detail, fix)
                .with(violations)
                .asException();
    }

    /** Embeds a document as it is. */
    private static final class RawOut extends StdSerializer<Json> {
        private static final long serialVersionUID = 1;

        RawOut() {
            super(Json.class);
        }

        @Override
        public void serialize(Json json, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeRawValue(json.text());
        }
    }

    /** Takes a document out. */
    private static final class RawIn extends StdDeserializer<Json> {
        private static final long serialVersionUID = 1;

        RawIn() {
            super(Json.class);
        }

        @Override
        public Json deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonNode tree = context.readTree(in);
            return new Json(tree.toString());
        }
    }

    /** How an enum constant is written: as everywhere in the product's JSON, in lower case. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static final class LowerCaseConstants extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < constants.length; i++) {
                names[i] = word(constants[i]);
            }
            return names;
        }
    }
}
