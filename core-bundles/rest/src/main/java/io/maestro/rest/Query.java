package io.maestro.rest;

import io.maestro.api.adapters.Sort;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Query parameters that filter and sort a list. */
final class Query {
    private static final int LONGEST = 200;
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private Query() {}

    /** The parameter as its own type; null when it was left out. */
    static <T> @Nullable T of(@Nullable String text, Function<String, T> type) {
        return text == null ? null : type.apply(text);
    }

    /** A parameter that is any text; null when it was left out. */
    static @Nullable String text(String name, @Nullable String text) {
        if (text != null
                && (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl))) {
            throw Wire.invalid(
                    "the query parameter " + name + " is empty, longer than " + LONGEST
                            + " characters or has control characters",
                    "Leave it out, or give a text.",
                    List.of());
        }
        return text;
    }

    /** A parameter that is a point in time; null when it was left out. */
    static @Nullable Instant instant(String name, @Nullable String text) {
        try {
            Instant instant = text == null ? null : Instant.parse(text);
            if (instant == null || (instant.isAfter(Instant.EPOCH) && instant.isBefore(LATEST))) {
                return instant;
            }
        } catch (DateTimeParseException e) {
            // answered below, as for a time out of range
        }
        throw Wire.invalid(
                "the query parameter " + name + " is not a point in time",
                "Write it in UTC, for example 2026-11-20T22:00:00Z.",
                List.of());
    }

    /** A parameter that is one of the words of an enum; null when it was left out. */
    static <E extends Enum<E>> @Nullable E word(String name, @Nullable String text, Class<E> type) {
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (Wire.word(constant).equals(text)) {
                return constant;
            }
        }
        throw Wire.invalid(
                "the query parameter " + name + " is none of its words",
                "Use one of " + words(type, Wire::word) + ".",
                List.of());
    }

    /** A parameter that is one of these words; null when it was left out. */
    static @Nullable String word(String name, @Nullable String text, List<String> words) {
        if (text == null || words.contains(text)) {
            return text;
        }
        throw Wire.invalid(
                "the query parameter " + name + " is none of its words",
                "Use one of " + String.join(", ", words) + ".",
                List.of());
    }

    /** A parameter that is {@code true} or {@code false}; false when it was left out. */
    static boolean flag(String name, @Nullable String text) {
        return "true".equals(word(name, text, List.of("true", "false")));
    }

    /** The order that {@code sort} asks for: a word in camel case, with a leading hyphen for the other way round. */
    static <E extends Enum<E>> Sort<E> sort(@Nullable String text, Class<E> type) {
        if (text == null) {
            return Sort.ascending(type.getEnumConstants()[0]);
        }
        boolean descending = text.startsWith("-");
        String wanted = descending ? text.substring(1) : text;
        for (E constant : type.getEnumConstants()) {
            if (camel(constant).equals(wanted)) {
                return new Sort<>(constant, descending);
            }
        }
        throw Wire.invalid(
                "the list cannot be sorted like this",
                "Sort by one of " + words(type, Query::camel) + "; a hyphen before it turns the order round.",
                List.of());
    }

    private static <E extends Enum<E>> String words(Class<E> type, Function<E, String> view) {
        return Arrays.stream(type.getEnumConstants()).map(view).collect(Collectors.joining(", "));
    }

    private static String camel(Enum<?> constant) {
        StringBuilder camel = new StringBuilder();
        for (String part : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
            camel.append(camel.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return camel.toString();
    }
}
