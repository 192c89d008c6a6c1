package io.maestro.http;

import io.maestro.api.http.StaticContent;
import io.maestro.api.http.StaticContent.Asset;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Serves static content, when somebody offers it, and leads there from {@code /}. Pages may load what this server has and
 * nothing else, hold no script and no style in themselves, and stand in no frame.
 */
final class StaticHandler extends Handler.Abstract {
    private static final PreEncodedHttpField POLICY = new PreEncodedHttpField(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src"
                    + " 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    private static final PreEncodedHttpField OPENER =
            new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin");
    private static final PreEncodedHttpField FOR_EVER =
            new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "public, max-age=31536000, immutable");
    private static final PreEncodedHttpField ASK_AGAIN = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache");
    private static final PreEncodedHttpField VARY = new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding");
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final Supplier<@Nullable StaticContent> content;

    /** Serves what {@code content} gives at the time of the request. */
    StaticHandler(Supplier<@Nullable StaticContent> content) {
        this.content = content;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        StaticContent offered = content.get();
        if (offered == null || !READING.contains(request.getMethod())) {
            return false;
        }
        String path = request.getHttpURI().getPath();
        String prefix = offered.prefix();
        if (path.equals("/") || (path + "/").equals(prefix)) {
            Response.sendRedirect(request, response, callback, 302, prefix, false);
            return true;
        }
        Asset asset = path.startsWith(prefix) ? offered.asset(path.substring(prefix.length())) : null;
        if (asset == null) {
            return false;
        }
        send(request, response, callback, asset);
        return true;
    }

    private static void send(Request request, Response response, Callback callback, Asset asset) throws IOException {
        boolean gzip = asset.compressible() && takesGzip(request.getHeaders());
        // compressed bytes are other bytes, so they have another tag
        String tag = "\"" + asset.tag() + (gzip ? "-gzip" : "") + "\"";
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(POLICY);
        headers.put(OPENER);
        headers.put(asset.immutable() ? FOR_EVER : ASK_AGAIN);
        headers.put(HttpHeader.ETAG, tag);
        if (asset.compressible()) {
            headers.put(VARY);
        }
        if (request.getHeaders().getCSV(HttpHeader.IF_NONE_MATCH, true).stream().anyMatch(sent -> matches(sent, tag))) {
            response.setStatus(304);
            callback.succeeded();
            return;
        }
        headers.put(HttpHeader.CONTENT_TYPE, asset.mediaType());
        if (gzip) {
            headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        ResponseBody body = new ResponseBody(response, false);
        try (InputStream bytes = asset.open(gzip)) {
            bytes.transferTo(body);
        }
        body.finish(callback);
    }

    private static boolean matches(String sent, String tag) {
        return sent.equals("*") || (sent.startsWith("W/") ? sent.substring(2) : sent).equals(tag);
    }

    /** By the letter of the header a weight of nothing refuses. */
    private static boolean takesGzip(HttpFields headers) {
        for (HttpField field : headers.getFields(HttpHeader.ACCEPT_ENCODING)) {
            for (String coding : field.getValue().toLowerCase(Locale.ROOT).split(",", -1)) {
                String stripped = coding.replace(" ", "");
                if (stripped.equals("gzip")
                        || (stripped.startsWith("gzip;") && !stripped.matches("gzip;q=0(\\.0*)?"))) {
                    return true;
                }
            }
        }
        return false;
    }
}
