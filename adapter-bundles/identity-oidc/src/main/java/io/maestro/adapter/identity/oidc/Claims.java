package io.maestro.adapter.identity.oidc;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a token says, read strictly: a claim of another type than it must have makes the token malformed.
 *
 * @param all as the JSON has them
 */
record Claims(Map<String, Object> all) {
    /** The last second of the year 9999. */
    private static final long LATEST = 253_402_300_799L;

    private static final int MOST_STEPS = 16;

    /** A text that has to be there. */
    String text(String name) {
        return optionalText(name).orElseThrow(() -> Failures.malformed("the token lacks the claim " + name));
    }

    /** A text that may be there. */
    Optional<String> optionalText(String name) {
        Object value = all.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text && !text.isEmpty()) {
            return Optional.of(text);
        }
        throw wrongType(name);
    }

    /** A text or several. */
    List<String> texts(String name) {
        Object value = all.get(name);
        if (value instanceof String text) {
            return List.of(text);
        }
        if (!(value instanceof List<?> list)) {
            throw value == null ? Failures.malformed("the token lacks the claim " + name) : wrongType(name);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String text)) {
                throw wrongType(name);
            }
            texts.add(text);
        }
        return texts;
    }

    /** A time that has to be there. */
    Instant time(String name) {
        return optionalTime(name).orElseThrow(() -> Failures.malformed("the token lacks the claim " + name));
    }

    /** A time that may be there. */
    Optional<Instant> optionalTime(String name) {
        Object value = all.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= LATEST) {
            return Optional.of(Instant.ofEpochSecond(number.longValue()));
        }
        throw wrongType(name);
    }

    /** Whether the claim says no; some providers write truth values as texts. */
    boolean isFalse(String name) {
        Object value = all.get(name);
        return Boolean.FALSE.equals(value) || (value instanceof String text && text.equalsIgnoreCase("false"));
    }

    /** Whether the claim is there, whatever it says. */
    boolean has(String name) {
        return all.get(name) != null;
    }

    /**
     * The values of a claim by its name or JSON Pointer (RFC 6901): of an array each item, of anything else the one. Only
     * texts, numbers and truth values count.
     */
    List<String> values(String claim) {
        List<String> values = new ArrayList<>();
        Object found = claim.startsWith("/") ? at(claim) : all.get(claim);
        if (found instanceof List<?> list) {
            list.forEach(item -> add(values, item));
        } else {
            add(values, found);
        }
        return values;
    }

    private @Nullable Object at(String pointer) {
        String[] steps = pointer.substring(1).split("/", MOST_STEPS);
        Object here = all;
        for (String step : steps) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (here instanceof Map<?, ?> object) {
                here = object.get(name);
            } else if (here instanceof List<?> list
                    && name.matches("\\d{1,4}")
                    && Integer.parseInt(name) < list.size()) {
                here = list.get(Integer.parseInt(name));
            } else {
                return null;
            }
        }
        return here;
    }

    private static void add(List<String> values, @Nullable Object value) {
        switch (value) {
            case String text when !text.isEmpty() -> values.add(text);
            case Boolean truth -> values.add(truth.toString());
            case Double number -> values.add(new BigDecimal(number.toString()).toPlainString());
            case Number number -> values.add(number.toString());
            case null, default -> {
                // nothing to compare or to show
            }
        }
    }

    private static RuntimeException wrongType(String name) {
        return Failures.malformed("the token's claim " + name + " is not of its type");
    }

    @Override
    public String toString() {
        return "Claims[***]";
    }
}
