package io.maestro.adapter.provisioning.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of PATCH (RFC 7644, 3.5.2). */
final class Patch {
    private Patch() {}

    /** Sets the attributes at these paths, and removes those whose value is null. */
    static Map<String, ?> replace(Map<String, ? extends @Nullable Object> values) {
        List<Map<String, Object>> operations = new ArrayList<>();
        values.forEach((path, value) -> operations.add(
                value == null
                        ? Map.of("op", "remove", "path", path)
                        : Map.of("op", "replace", "path", path, "value", value)));
        return message(operations);
    }

    /** Adds one value to a multi-valued attribute. */
    static Map<String, ?> add(String attribute, String value) {
        return message(List.of(Map.of("op", "add", "path", attribute, "value", List.of(Map.of("value", value)))));
    }

    /** Removes one value from a multi-valued attribute. */
    static Map<String, ?> remove(String attribute, String value) {
        return message(List.of(Map.of("op", "remove", "path", Filter.value(attribute, value))));
    }

    private static Map<String, ?> message(List<Map<String, Object>> operations) {
        return Map.of("schemas", List.of("urn:ietf:params:scim:api:messages:2.0:PatchOp"), "Operations", operations);
    }
}
