package io.maestro.http;

import io.maestro.api.http.HttpProblem;
import io.maestro.api.http.RequestProperty;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every request before any routing: a correlation id, security headers, a host that is ours, and a path
 * that means the same to everyone.
 */
final class EdgeHandler extends Handler.Wrapper {
    static final String CORRELATION_HEADER = "X-Correlation-Id";
    static final String TRACE_HEADER = "traceparent";

    /** A header by W3C Trace Context, version 00; the id of the trace is its first group. */
    private static final Pattern TRACE =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private static final int URI_LENGTH = 4 * 1024;
    private static final int CORRELATION_LENGTH = 64;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");
    private static final PreEncodedHttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final PreEncodedHttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    private static final PreEncodedHttpField NO_REFERRER = new PreEncodedHttpField("Referrer-Policy", "no-referrer");
    private static final PreEncodedHttpField NO_CONTENT =
            new PreEncodedHttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");

    private final ProblemErrors errors;
    private final Set<String> hosts;
    private final boolean anyHost;

    /** Guards {@code next}; {@code hosts} are names of ours beside those of the loopback interface. */
    EdgeHandler(Handler next, ProblemErrors errors, Set<String> hosts) {
        super(next);
        this.errors = errors;
        this.hosts = hosts;
        this.anyHost = hosts.stream().anyMatch(EVERYWHERE::contains);
    }

    @Override
    public boolean handle(Request request, Response bare, Callback callback) throws Exception {
        Response response = UnreadBody.of(request, bare);
        prepare(request, response);
        // silence while we are slow ourselves is not the peer's fault; reads and writes that wait for it still time out
        request.addIdleTimeoutListener(timeout -> false);
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath();
        if (!ours(uri.getHost())) {
            return errors.refuse(request, response, callback, HttpProblem.HOST_UNKNOWN);
        }
        if (uri.getPathQuery().length() > URI_LENGTH) {
            return errors.refuse(request, response, callback, HttpProblem.URI_TOO_LONG);
        }
        if (path == null || ambiguous(path)) {
            return errors.refuse(request, response, callback, HttpProblem.PATH_AMBIGUOUS);
        }
        return super.handle(request, response, callback) || errors.refuseUnknown(request, response, callback);
    }

    /** Gives the request its correlation id and the answer its headers. */
    static void prepare(Request request, Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        String correlationId = correlationId(
                request.getHeaders().get(CORRELATION_HEADER),
                request.getHeaders().get(TRACE_HEADER));
        request.setAttribute(RequestProperty.CORRELATION_ID, correlationId);
        request.setAttribute(RequestProperty.PEER, Request.getRemoteAddr(request));
        headers.put(CORRELATION_HEADER, correlationId);
        headers.put(NO_SNIFF);
        headers.put(NO_STORE);
        headers.put(NO_REFERRER);
        headers.put(NO_CONTENT);
    }

    /** What the caller calls the request: as told, else by the trace that it belongs to, so that one leads to the other. */
    private static String correlationId(@Nullable String sent, @Nullable String traceparent) {
        if (sent != null && !sent.isEmpty() && sent.length() <= CORRELATION_LENGTH && harmless(sent)) {
            return sent;
        }
        if (traceparent != null && traceparent.length() < CORRELATION_LENGTH) {
            Matcher trace = TRACE.matcher(traceparent);
            if (trace.matches()) {
                return trace.group(1);
            }
        }
        // names a request in a log and guards nothing, so it need not be unguessable
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static boolean harmless(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letterOrDigit && "-_.:/+=".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * A page of another site whose name was made to resolve to this machine still sends that name. Listening everywhere
     * means that the names are not known, and then the token alone protects.
     */
    private boolean ours(@Nullable String host) {
        return anyHost || (host != null && (LOOPBACK.contains(host) || hosts.contains(host) || numeric(host)));
    }

    /** An address cannot be rebound, only a name can. */
    private static boolean numeric(String host) {
        try {
            InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Dot segments and path parameters mean different things to different readers. */
    private static boolean ambiguous(String path) {
        return path.indexOf(';') >= 0
                || path.contains("/./")
                || path.contains("/../")
                || path.endsWith("/.")
                || path.endsWith("/..");
    }
}
