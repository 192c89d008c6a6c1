package io.maestro.adapter.storage.s3;

import java.util.Map;
import java.util.TreeMap;

/**
 * A request before it is signed.
 *
 * @param method HTTP method
 * @param key the key in the bucket, prefix included; empty for the bucket itself
 * @param query parameters, not encoded
 * @param headers headers to be signed, too
 */
record S3Request(String method, String key, Map<String, String> query, Map<String, String> headers) {
    S3Request {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    static S3Request of(String method, String key) {
        return new S3Request(method, key, Map.of(), Map.of());
    }

    /**
     * Whether sending it twice does no more than sending it once; the start of an upload leaves an empty one at worst. What was
     * done under a condition would not hold it any more.
     */
    boolean repeatable() {
        return !conditional() && (!method.equals("POST") || query.containsKey("uploads"));
    }

    /** Whether it stores only under a condition. */
    boolean conditional() {
        return headers.containsKey("If-Match") || headers.containsKey("If-None-Match");
    }

    S3Request query(String name, String value) {
        return new S3Request(method, key, with(query, name, value), headers);
    }

    S3Request header(String name, String value) {
        return new S3Request(method, key, query, with(headers, name, value));
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> more = new TreeMap<>(map);
        more.put(name, value);
        return more;
    }
}
