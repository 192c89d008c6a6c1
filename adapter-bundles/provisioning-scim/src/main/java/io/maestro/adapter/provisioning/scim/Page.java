package io.maestro.adapter.provisioning.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a query (RFC 7644, 3.4.2).
 *
 * @param total how many there are on all pages
 * @param start where the directory says that this page begins, from 1; empty when it does not say
 * @param resources what is on this page
 */
record Page(long total, OptionalInt start, List<Map<String, @Nullable Object>> resources) {
    static Page of(Map<String, @Nullable Object> body, About about) {
        if (!(body.get("totalResults") instanceof Number total)) {
            throw Failures.notScim(about, "is no list: it lacks totalResults");
        }
        List<Map<String, @Nullable Object>> resources = new ArrayList<>();
        if (body.get("Resources") instanceof List<?> items) {
            for (Object item : items) {
                if (!(item instanceof Map<?, ?> parts)) {
                    throw Failures.notScim(about, "is no list of resources");
                }
                Map<String, @Nullable Object> resource = ScimJson.object();
                parts.forEach((name, value) -> resource.put(String.valueOf(name), value));
                resources.add(resource);
            }
        }
        return new Page(
                total.longValue(),
                body.get("startIndex") instanceof Integer start ? OptionalInt.of(start) : OptionalInt.empty(),
                resources);
    }
}
