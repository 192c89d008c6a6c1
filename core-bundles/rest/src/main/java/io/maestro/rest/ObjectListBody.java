package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a storage's objects. What the storage contract lists passes as it is.
 *
 * @param items the objects, by key
 * @param prefixes when there is a delimiter, what other keys begin with; null otherwise
 * @param next the cursor of the page after this one; null when this was the last
 */
record ObjectListBody(
        List<JsonNode> items,
        @Nullable List<String> prefixes,
        @Nullable String next) implements Paged {
    /** The page that the operation {@code list} gave. */
    static ObjectListBody of(JsonNode output) {
        List<JsonNode> items = new ArrayList<>();
        output.path("objects").forEach(items::add);
        JsonNode given = output.path("prefixes");
        List<String> prefixes = given.isArray() ? new ArrayList<>() : null;
        if (prefixes != null) {
            given.forEach(prefix -> prefixes.add(prefix.asText()));
        }
        return new ObjectListBody(items, prefixes, output.path("next").textValue());
    }

    @Override
    public ObjectListBody withNext(String marked) {
        return new ObjectListBody(items, prefixes, marked);
    }
}
