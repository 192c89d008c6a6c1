package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.api.http.RequestProperty;
import io.maestro.model.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an object on their way to the caller. What was stored may be a hostile page, so a browser is told to save
 * it and not to show it.
 */
final class ObjectDownload implements StreamingOutput {
    private static final System.Logger LOG = System.getLogger(ObjectDownload.class.getName());
    private static final int BLOCK = 32 * 1024;

    private final ContainerRequestContext request;
    private final Download download;
    private final byte[] beginning;
    private final long size;

    private ObjectDownload(ContainerRequestContext request, Download download, byte[] beginning, long size) {
        this.request = request;
        this.download = download;
        this.beginning = beginning;
        this.size = size;
    }

    /** Answers with the object's headers only. */
    static Response head(ContainerRequestContext request, JsonNode object) {
        return notModified(request, object)
                .orElseGet(() ->
                        described(object, object.path("size").asLong(), false).build());
    }

    /** Answers with the object's headers and its bytes, or a part of them. Closes the download. */
    static Response answer(ContainerRequestContext request, JsonNode object, Download download) throws IOException {
        boolean handedOver = false;
        try {
            Optional<Response> known = notModified(request, object);
            if (known.isPresent()) {
                return known.get();
            }
            JsonNode range = object.path("range");
            boolean whole = !range.isObject();
            long size = (whole ? object.path("size") : range.path("length")).asLong();
            Response.ResponseBuilder answer = described(object, size, whole);
            if (!whole) {
                long offset = range.path("offset").asLong();
                answer.status(206)
                        .header(
                                "Content-Range",
                                "bytes " + offset + "-" + (offset + size - 1) + "/"
                                        + object.path("size").asLong());
            }
            // a storage that fails at once can still be reported properly
            byte[] beginning = beginning(download);
            handedOver = true;
            return answer.entity(new ObjectDownload(request, download, beginning, size))
                    .build();
        } finally {
            if (!handedOver) {
                download.close();
            }
        }
    }

    /** 304 when the caller has that state already. */
    private static Optional<Response> notModified(ContainerRequestContext request, JsonNode object) {
        String etag = object.path("etag").asText();
        return Tags.known(request, etag)
                ? Optional.of(
                        Response.notModified().header("ETag", Tags.quoted(etag)).build())
                : Optional.empty();
    }

    /** The headers of an answer with so many bytes of the object. */
    private static Response.ResponseBuilder described(JsonNode object, long size, boolean whole) {
        Response.ResponseBuilder answer = Response.ok()
                .header("ETag", Tags.quoted(object.path("etag").asText()))
                .header("Content-Length", size)
                .header("Accept-Ranges", "bytes")
                .header("Content-Disposition", "attachment")
                .type(mediaType(object.path("contentType").asText()));
        String lastModified = httpDate(object.path("lastModified").asText());
        if (lastModified != null) {
            answer.header("Last-Modified", lastModified);
        }
        ObjectHeaders.metadata(answer, object.path("metadata"));
        ObjectHeaders.digest(answer, object, whole);
        return answer;
    }

    private static byte[] beginning(Download download) {
        try {
            return download.content().readNBytes(BLOCK);
        } catch (IOException e) {
            throw Problem.of(AdapterProblem.ADAPTER_FAILED, "the object's bytes cannot be read", null)
                    .asException(e);
        }
    }

    @Override
    public void write(OutputStream out) throws IOException {
        long sent = 0;
        try (download) {
            out.write(beginning);
            sent = beginning.length;
            InputStream content = download.content();
            byte[] block = new byte[BLOCK];
            for (int count = content.read(block); count >= 0; count = content.read(block)) {
                out.write(block, 0, count);
                sent += count;
            }
        } catch (IOException | RuntimeException e) {
            Caller.log(LOG, request).log(
                    Level.DEBUG, "request " + Caller.correlationId(request) + " broke after " + sent + " bytes", e);
            sent = -1;
        }
        if (sent != size) {
            request.setProperty(RequestProperty.BROKEN, true);
        }
    }

    private static MediaType mediaType(String text) {
        try {
            MediaType type = MediaType.valueOf(text);
            return type.isWildcardType() || type.isWildcardSubtype() ? MediaType.APPLICATION_OCTET_STREAM_TYPE : type;
        } catch (IllegalArgumentException e) {
            return MediaType.APPLICATION_OCTET_STREAM_TYPE;
        }
    }

    private static @Nullable String httpDate(String instant) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.parse(instant).atOffset(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
