package io.maestro.conformance.run;

import io.maestro.conformance.storage.StorageFixture.Offer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A running storage that an adapter is tried against, as a file describes it; see {@code docs/reference/adapter-test.md}.
 *
 * @param name what people call it; goes into the result
 * @param offers what it has of what is optional
 * @param place the configuration over an empty place; {@code {place}} in a text is another word for each place, and
 *     {@code ${NAME}} the environment variable
 * @param address the property with the outside system's address; null when there is none
 * @param wrongCredentials what to replace in a configuration for credentials that are refused
 * @param containerMissing what to replace for a container that is not there
 * @param headersOfSignedWrite what a PUT with a signed URL has to have
 */
record StoragePeer(
        String name,
        Set<Offer> offers,
        Map<String, Object> place,
        @Nullable String address,
        @Nullable Map<String, Object> wrongCredentials,
        @Nullable Map<String, Object> containerMissing,
        Map<String, String> headersOfSignedWrite) {
    private static final String PLACE = "{place}";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_][A-Z0-9_]*)}");

    @SuppressWarnings("NullAway") // what is left out of a file is null here only
    StoragePeer {
        name = Objects.requireNonNullElse(name, "unnamed");
        offers = offers == null ? Set.of() : Set.copyOf(offers);
        place = place == null ? Map.of() : Map.copyOf(place);
        headersOfSignedWrite = headersOfSignedWrite == null ? Map.of() : Map.copyOf(headersOfSignedWrite);
    }

    /** The configuration of another empty place. */
    Map<String, Object> emptyPlace(String word) {
        return PeerFile.changed(place, text -> text.replace(PLACE, word));
    }

    /** Whether each place is another one. */
    boolean hasPlaces() {
        return place.values().stream().anyMatch(value -> value instanceof String text && text.contains(PLACE));
    }

    /** The texts that its configurations have at these properties. */
    Set<String> values(Set<String> properties) {
        Set<String> values = new HashSet<>();
        for (Map<String, Object> configuration : Arrays.asList(place, wrongCredentials, containerMissing)) {
            if (configuration != null) {
                configuration.forEach((name, value) -> {
                    if (properties.contains(name) && value instanceof String text && !text.isEmpty()) {
                        values.add(text);
                    }
                });
            }
        }
        return values;
    }

    /**
     * The same with the values of the variables that it names.
     *
     * @param environment gives the value of a variable, and null when there is none
     * @throws RunProblem when one is not set
     */
    StoragePeer filled(UnaryOperator<@Nullable String> environment) {
        UnaryOperator<String> fill = text -> VARIABLE.matcher(text).replaceAll(found -> {
            String value = environment.apply(found.group(1));
            if (value == null) {
                throw new RunProblem("the description of the peer names the environment variable " + found.group(1)
                        + ", which is not set");
            }
            return Matcher.quoteReplacement(value);
        });
        return new StoragePeer(
                name,
                offers,
                PeerFile.changed(place, fill),
                address,
                wrongCredentials == null ? null : PeerFile.changed(wrongCredentials, fill),
                containerMissing == null ? null : PeerFile.changed(containerMissing, fill),
                headersOfSignedWrite);
    }
}
