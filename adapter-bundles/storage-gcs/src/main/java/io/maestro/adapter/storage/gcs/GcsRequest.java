package io.maestro.adapter.storage.gcs;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request without its authorization.
 *
 * @param method HTTP method
 * @param address the whole URL, percent-encoded
 * @param headers further headers
 * @param body pieces of the body; none for no body
 * @param subject what it is about
 * @param repeatable whether doing it twice is as good as doing it once
 */
record GcsRequest(
        String method,
        String address,
        Map<String, String> headers,
        List<byte[]> body,
        Subject subject,
        boolean repeatable) {
    /** What a request is about; decides what "not found" means. */
    enum Subject {
        BUCKET,
        OBJECT,
        UPLOAD_SESSION,
        TOKEN
    }

    static GcsRequest of(String method, String address, Subject subject) {
        return new GcsRequest(method, address, Map.of(), List.of(), subject, true);
    }

    GcsRequest query(String name, String value) {
        String more = address + (address.contains("?") ? "&" : "?") + name + "=" + Bucket.encoded(value);
        return new GcsRequest(method, more, headers, body, subject, repeatable);
    }

    GcsRequest header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new GcsRequest(method, address, more, body, subject, repeatable);
    }

    GcsRequest body(List<byte[]> pieces) {
        return new GcsRequest(method, address, headers, List.copyOf(pieces), subject, repeatable);
    }

    /** The same, which is not done twice: what it does could undo what somebody did in between. */
    GcsRequest once() {
        return new GcsRequest(method, address, headers, body, subject, false);
    }

    /** The same under the condition that the object has this generation; 0 for none at all. */
    GcsRequest ifGeneration(String generation) {
        return query("ifGenerationMatch", generation).once();
    }

    /** How many bytes the body has. */
    long length() {
        return body.stream().mapToLong(piece -> piece.length).sum();
    }
}
