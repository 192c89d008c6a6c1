package io.maestro.http;

import io.maestro.api.http.RequestProperty;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.spi.ContainerResponseWriter;
import org.jspecify.annotations.Nullable;

/** Carries Jersey's answer to Jetty. Used by the request's thread only. */
final class JerseyResponse implements ContainerResponseWriter {
    private final Request request;
    private final Response response;
    private final RequestProperties properties;
    private @Nullable ResponseBody body;
    private @Nullable Throwable failure;

    JerseyResponse(Request request, Response response, RequestProperties properties) {
        this.request = request;
        this.response = response;
        this.properties = properties;
    }

    @Override
    public OutputStream writeResponseStatusAndHeaders(long contentLength, ContainerResponse answer) {
        response.setStatus(answer.getStatus());
        HttpFields.Mutable headers = response.getHeaders();
        for (Map.Entry<String, List<String>> header : answer.getStringHeaders().entrySet()) {
            // one field for each value: a list of cookies in one field would be one broken cookie
            headers.remove(header.getKey());
            header.getValue().forEach(value -> headers.add(header.getKey(), value));
        }
        if (contentLength > 0) {
            headers.put(HttpHeader.CONTENT_LENGTH, contentLength);
        }
        ResponseBody opened = new ResponseBody(response, live(answer));
        body = opened;
        return opened;
    }

    /**
     * A stream of events is of no use when it is sent once it ends, and whatever else asks proxies not to keep it back is not kept
     * back here either.
     */
    private static boolean live(ContainerResponse answer) {
        MediaType type = answer.getMediaType();
        boolean events = type != null && type.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE) && !type.isWildcardType();
        return events || "no".equals(answer.getHeaderString("X-Accel-Buffering"));
    }

    /** Sends what is left, or breaks the connection when the body is not whole. */
    void finish(Callback callback) {
        if (properties.getProperty(RequestProperty.BROKEN) != null) {
            callback.failed(new IOException("the body could not be finished"));
        } else if (failure != null && !response.isCommitted()) {
            response.reset();
            Response.writeError(request, response, callback, 500, null, failure);
        } else if (failure != null) {
            callback.failed(failure);
        } else if (body == null) {
            callback.succeeded();
        } else {
            body.finish(callback);
        }
    }

    @Override
    public void failure(Throwable error) {
        failure = error;
    }

    @Override
    public void commit() {
        // the body is finished when Jersey has returned, so that it is sent with its last bytes in one write
    }

    @Override
    public boolean enableResponseBuffering() {
        // the body buffers itself, and Jetty knows the length of one that goes out in one write
        return false;
    }

    @Override
    public boolean suspend(long timeOut, TimeUnit timeUnit, TimeoutHandler timeoutHandler) {
        throw new UnsupportedOperationException("requests are answered by the thread that they run on");
    }

    @Override
    public void setSuspendTimeout(long timeOut, TimeUnit timeUnit) {
        throw new UnsupportedOperationException("requests are answered by the thread that they run on");
    }
}
