package io.maestro.adapter.provisioning.scim;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One request to the directory.
 *
 * @param method the HTTP method
 * @param path what stands behind the base URL, encoded
 * @param query parameters, not yet encoded
 * @param body what is sent; null for nothing
 * @param ifMatch only if the resource is in this state; null for no condition
 */
record ScimRequest(
        String method,
        String path,
        Map<String, String> query,
        @Nullable Map<String, ?> body,
        @Nullable String ifMatch) {
    /** A request without parameters, body and condition. */
    static ScimRequest of(String method, String path) {
        return new ScimRequest(method, path, Map.of(), null, null);
    }

    /** The same with one more parameter. */
    ScimRequest query(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(name, value);
        return new ScimRequest(method, path, more, body, ifMatch);
    }

    /** The same with this body. */
    ScimRequest body(Map<String, ?> sent) {
        return new ScimRequest(method, path, query, sent, ifMatch);
    }

    /** The same with this condition. */
    ScimRequest ifMatch(@Nullable String etag) {
        return new ScimRequest(method, path, query, body, etag);
    }

    /** Path and query. */
    String target() {
        return query.isEmpty()
                ? path
                : path
                        + query.entrySet().stream()
                                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                                .collect(Collectors.joining("&", "?", ""));
    }

    /** The path of a user. */
    static String user(String id) {
        return "/Users/" + segment(id, ProvisioningProblem.PROVISIONING_USER_NOT_FOUND);
    }

    /** The path of a group. */
    static String group(String id) {
        return "/Groups/" + segment(id, ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND);
    }

    private static String segment(String id, ProvisioningProblem otherwise) {
        if (id.equals(".") || id.equals("..")) {
            // means another place, however it is encoded
            throw Failures.problem(
                    otherwise, "no directory has the id \"" + id + "\"", "Send the id that the directory gave.");
        }
        return encoded(id);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
