package io.maestro.rest;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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

    /** The revision that {@code If-Match} names, where the tag is the revision; null when any will do. */
    static @Nullable Long revision(ContainerRequestContext request) {
        String tag = unquoted(request.getHeaderString("If-Match"));
        return tag == null ? null : revision(tag);
    }

    /** The revision that a tag without its quotes is; null when any will do. */
    static @Nullable Long revision(String tag) {
        if (tag.equals("*")) {
            return null;
        }
        try {
            return Long.parseLong(tag);
        } catch (NumberFormatException e) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the header If-Match names no revision",
                            "Send the ETag as you last saw it.")
                    .asException(e);
        }
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

    /** The point in time that {@code If-Match} names, for what never changes; null when any will do. */
    static @Nullable Instant instant(ContainerRequestContext request) {
        String tag = unquoted(request.getHeaderString("If-Match"));
        try {
            return tag == null || tag.equals("*") ? null : Instant.parse(tag);
        } catch (DateTimeParseException e) {
            throw unknown(e);
        }
    }

    private static ProblemException unknown(RuntimeException e) {
        return Problem.of(
                        CallerProblem.REVISION_CHANGED,
                        "the header If-Match names no state of this",
                        "Send the ETag as you last saw it.")
                .asException(e);
    }
}
