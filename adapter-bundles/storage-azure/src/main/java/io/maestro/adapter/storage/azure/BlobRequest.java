package io.maestro.adapter.storage.azure;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request before it is signed.
 *
 * @param method HTTP method
 * @param blob the blob's name, prefix included; empty for the container itself
 * @param query parameters, not encoded; in order of their names
 * @param headers headers to be signed, too; names in lower case and in order
 */
record BlobRequest(String method, String blob, Map<String, String> query, Map<String, String> headers) {
    static BlobRequest of(String method, String blob) {
        return new BlobRequest(method, blob, Map.of(), Map.of());
    }

    BlobRequest query(String name, String value) {
        return new BlobRequest(method, blob, with(query, name, value), headers);
    }

    BlobRequest header(String name, String value) {
        return new BlobRequest(method, blob, query, with(headers, name.toLowerCase(Locale.ROOT), value));
    }

    /** Whether it stores only under a condition. */
    boolean conditional() {
        return headers.containsKey("if-match") || headers.containsKey("if-none-match");
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> more = new TreeMap<>(map);
        more.put(name, value);
        return more;
    }
}
