package io.maestro.adapters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.maestro.model.Violation;
import java.lang.reflect.AnnotatedElement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How records of the contract look as JSON: names as written, instants in ISO 8601, enum constants in lower case, absent
 * for null. Strict on the way in: unknown, missing, duplicate and mistyped properties are refused with their place.
 */
final class Wire {
    private static final int LONGEST_TEXT = 3 << 20;

    private Wire() {}

    /** A mapper of its own for the caller; expensive to make, safe to share. */
    static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNumberLength(100)
                        .maxNameLength(1024)
                        .build())
                // the usual pool is one per thread, and a virtual thread is never seen again
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .annotationIntrospector(new RecordNullness())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .build();
    }

    /** What is wrong with a document, and where, without a word of the library's own. */
    static Violation violation(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (e instanceof JsonMappingException mapping) {
            StringBuilder pointer = new StringBuilder();
            for (JsonMappingException.Reference step : mapping.getPath()) {
                String name = step.getFieldName();
                pointer.append('/')
                        .append(
                                name == null
                                        ? Integer.toString(step.getIndex())
                                        : name.replace("~", "~0").replace("/", "~1"));
            }
            return new Violation(pointer.toString(), shortened(message));
        }
        var at = e.getLocation();
        String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return new Violation("", shortened(message) + where);
    }

    private static String shortened(String message) {
        String line = message.lines().findFirst().orElse("not well-formed JSON");
        // class names are ours to know
        String plain = line.replaceAll("`[^`]*`", "the expected type").replaceAll("\\(class [^)]*\\)", "");
        return plain.length() > 300 ? plain.substring(0, 300) + "…" : plain;
    }

    /** Reads the nullness of record components: what is not {@code @Nullable} is required. */
    private static final class RecordNullness extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
            Boolean nullable = nullable(member);
            return nullable == null ? super.hasRequiredMarker(member) : Boolean.valueOf(!nullable);
        }

        @Override
        public JsonSetter.Value findSetterInfo(Annotated member) {
            return Boolean.FALSE.equals(nullable(member))
                    ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                    : super.findSetterInfo(member);
        }

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < constants.length; i++) {
                names[i] = constants[i].name().toLowerCase(Locale.ROOT);
            }
            return names;
        }

        private static @Nullable Boolean nullable(Annotated member) {
            AnnotatedElement type;
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getOwner() instanceof AnnotatedConstructor constructor
                    && constructor.getDeclaringClass().isRecord()) {
                type = constructor.getAnnotated().getAnnotatedParameterTypes()[parameter.getIndex()];
            } else if (member instanceof AnnotatedField field
                    && field.getDeclaringClass().isRecord()) {
                type = field.getAnnotated().getAnnotatedType();
            } else {
                return null;
            }
            return type.isAnnotationPresent(Nullable.class);
        }
    }
}
