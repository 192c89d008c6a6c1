package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What travels in headers beside the bytes of an object. */
final class ObjectHeaders {
    private static final String METADATA = "X-Maestro-Meta-";
    private static final String CONTENT_DIGEST = "Content-Digest";
    private static final String OBJECT_DIGEST = "Repr-Digest";
    private static final int MOST_METADATA = 32;
    private static final Pattern SHA_256 = Pattern.compile("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/]{43}=):");

    private ObjectHeaders() {}

    /** The input of {@code put_object}. */
    static ObjectNode put(Wire wire, String key, ContainerRequestContext request) {
        ObjectNode input = wire.object().put("key", key);
        input.put("contentType", request.getHeaderString("Content-Type"));
        // in one order, so that the same request is the same to whoever approved it
        Map<String, @Nullable String> metadata = new TreeMap<>();
        for (Map.Entry<String, List<String>> header : request.getHeaders().entrySet()) {
            String name = header.getKey();
            if (name.regionMatches(true, 0, METADATA, 0, METADATA.length())) {
                metadata.put(
                        name.substring(METADATA.length()).toLowerCase(Locale.ROOT),
                        decoded(String.join(",", header.getValue())));
            }
        }
        metadata.forEach(input.putObject("metadata")::put);
        if (metadata.size() > MOST_METADATA) {
            throw Wire.invalid(
                    "there are more than " + MOST_METADATA + " headers " + METADATA + "…", "Send fewer.", List.of());
        }
        String ifNoneMatch = request.getHeaderString("If-None-Match");
        if (ifNoneMatch != null && !ifNoneMatch.strip().equals("*")) {
            throw Wire.invalid(
                    "a put takes the header If-None-Match only with the value *",
                    "Use If-None-Match: * for a put that must not replace anything.",
                    List.of());
        }
        input.put("ifAbsent", ifNoneMatch != null);
        input.put("ifMatch", Tags.unquoted(request.getHeaderString("If-Match")));
        Digest digest = digest(request);
        if (digest != null) {
            input.put("sha256", digest.hex());
        }
        return input;
    }

    /** The digest that the body is said to have; null when none is sent. Digests of other kinds are not looked at. */
    static @Nullable Digest digest(ContainerRequestContext request) {
        Digest content = digest(request, CONTENT_DIGEST);
        // an object is stored as it is sent, so both mean the same bytes
        Digest object = digest(request, OBJECT_DIGEST);
        if (content != null && object != null && !content.equals(object)) {
            throw Wire.invalid(
                    "the headers " + CONTENT_DIGEST + " and " + OBJECT_DIGEST + " name different digests",
                    "Send the digest of the body, in one of them.",
                    List.of());
        }
        return content == null ? object : content;
    }

    private static @Nullable Digest digest(ContainerRequestContext request, String name) {
        String header = request.getHeaderString(name);
        if (header == null) {
            return null;
        }
        Matcher sha256 = SHA_256.matcher(header);
        try {
            if (sha256.find()) {
                return Digest.of(Base64.getDecoder().decode(sha256.group(1)));
            }
        } catch (IllegalArgumentException e) {
            // answered below, as for a header of another form
        }
        throw Wire.invalid(
                "the header " + name + " has no SHA-256",
                "Write " + name + ": sha-256=:BASE64:, with the Base64 of the 32 bytes between the colons.",
                List.of());
    }

    /** Puts the digest of the object on the answer, and that of the bytes when they are the whole object. */
    static void digest(Response.ResponseBuilder answer, JsonNode object, boolean whole) {
        String sha256 = object.path("sha256").textValue();
        if (sha256 == null) {
            return;
        }
        String value;
        try {
            value = "sha-256=:" + Base64.getEncoder().encodeToString(new Digest(sha256).bytes()) + ":";
        } catch (ProblemException e) {
            return; // what an adapter gives may be anything, and is no reason to keep the object back
        }
        answer.header(OBJECT_DIGEST, value);
        if (whole) {
            answer.header(CONTENT_DIGEST, value);
        }
    }

    /** The announced length of the body. */
    static OptionalLong length(ContainerRequestContext request) {
        String header = request.getHeaderString("Content-Length");
        return header == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(header.strip()));
    }

    /** Puts an object's metadata on the answer. */
    static void metadata(Response.ResponseBuilder answer, JsonNode metadata) {
        for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
            if (token(entry.getKey())) {
                answer.header(
                        METADATA + entry.getKey(), encoded(entry.getValue().asText()));
            }
        }
    }

    private static boolean token(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_'
                                || c == '.');
    }

    /** Headers carry ASCII only, so other characters travel percent-encoded. */
    static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean visible = b > ' ' && b < 127 && b != '%';
            if (visible || (b == ' ' && !text.isEmpty())) {
                text.append((char) b);
            } else {
                text.append('%').append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        return text.toString();
    }

    private static @Nullable String decoded(String header) {
        if (header.indexOf('%') < 0) {
            return header;
        }
        try {
            return URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Wire.invalid("a metadata header is not percent-encoded properly", "Write % as %25.", List.of());
        }
    }
}
