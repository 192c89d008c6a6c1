package io.maestro.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes records with random values within the bounds of their schema; the same seed gives the same records. */
final class RandomRecords {
    private static final int[] LETTERS =
            "aZ0-_. /%+\"\\ıİßé漢字🙂\u00a0".codePoints().toArray();

    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    <R> R record(Class<R> type, JsonNode schema) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            JsonNode property = schema.path("properties").path(components[i].getName());
            boolean absent = Agreement.nullable(components[i].getAnnotatedType()) && random.nextInt(3) == 0;
            values[i] = absent ? null : value(components[i].getAnnotatedType(), property);
        }
        return type.getDeclaredConstructor(types).newInstance(values);
    }

    private Object value(AnnotatedType annotated, JsonNode schema) throws ReflectiveOperationException {
        Class<?> type = Agreement.raw(annotated);
        if (type == String.class) {
            return text(
                    schema.path("minLength").asInt(1), schema.path("maxLength").asInt(20));
        } else if (type == Instant.class) {
            return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
        } else if (type == URI.class) {
            return URI.create("https://example.org/" + URLEncoder.encode(text(1, 20), UTF_8));
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == int.class || type == Integer.class) {
            return (int) number(schema);
        } else if (type == long.class || type == Long.class) {
            return number(schema);
        } else if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        } else if (type == List.class) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(value(Agreement.argument(annotated, 0), schema.path("items")));
            }
            return list;
        } else if (type == Map.class) {
            Map<String, Object> map = new HashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                map.put(text(1, 20), value(Agreement.argument(annotated, 1), schema.path("additionalProperties")));
            }
            return map;
        } else if (type.isRecord()) {
            return record(type, schema);
        }
        throw new IllegalArgumentException("no rule for " + type);
    }

    /** Both ends of the range come up, too. */
    private long number(JsonNode schema) {
        long least = schema.path("minimum").longValue();
        long most = schema.path("maximum").longValue();
        return switch (random.nextInt(4)) {
            case 0 -> least;
            case 1 -> most;
            default -> random.nextLong(least, most);
        };
    }

    private String text(int shortest, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(shortest, Math.max(shortest, Math.min(20, longest)) + 1); i > 0; i--) {
            text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }
}
