package io.maestro.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Entity tags: strong, quoted, compared as texts. */
final class Tags {
    private Tags() {}

    /** 200 with the body and its tag, or 304 when the caller has that state already. */
    static Response answer(ContainerRequestContext request, String tag, Object body) {
        return known(request, tag)
                ? Response.notModified().header("ETag", quoted(tag)).build()
                : Response.ok(body).header("ETag", quoted(tag)).build();
    }

    /** Whether {@code If-None-Match} names this tag. */
    static boolean known(ContainerRequestContext request, String tag) {
        String header = request.getHeaderString("If-None-Match");
        if (header == null) {
            return false;
        }
        for (String candidate : header.split(",", -1)) {
            String trimmed = candidate.strip();
            String strong = trimmed.startsWith("W/") ? trimmed.substring(2) : trimmed;
            if (strong.equals("*") || strong.equals(quoted(tag))) {
                return true;
            }
        }
        return false;
    }

    static String quoted(String tag) {
        return "\"" + tag + "\"";
    }

    /** A tag without its quotes; null when none was sent. */
    static @Nullable String unquoted(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
