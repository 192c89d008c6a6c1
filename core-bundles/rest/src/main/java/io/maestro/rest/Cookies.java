package io.maestro.rest;

import io.maestro.api.http.RequestProperty;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two cookies of this server: of a session, and of a login under way. No script can read them. Where browsers come by
 * https, their names have the prefix that browsers take from this very host alone, and over https only.
 */
enum Cookies {
    /** Holds a session; sent with every request of our own pages, and when somebody follows a link to us. */
    SESSION("maestro_session", "/"),
    /** Holds a login under way; sent to the callback only. */
    LOGIN("maestro_login", "/api/login");

    private static final String OURS_ALONE = "__Host-";
    private static final int LONGEST_HEADER = 8 * 1024;

    private final String name;
    private final String path;

    Cookies(String name, String path) {
        this.name = name;
        this.path = path;
    }

    /**
     * The cookie as sent; null when none was. Two of the same name are worth nothing: somebody of a neighbouring host may
     * have set one of them.
     */
    @Nullable
    String of(ContainerRequestContext request) {
        String wanted = name(isSecure(request)) + "=";
        String found = null;
        List<String> headers = request.getHeaders().getOrDefault("Cookie", List.of());
        for (String header : headers) {
            if (header.length() > LONGEST_HEADER) {
                return "";
            }
            for (String pair : header.split(";", -1)) {
                String stripped = pair.strip();
                if (stripped.startsWith(wanted)) {
                    found = found == null ? stripped.substring(wanted.length()) : "";
                }
            }
        }
        return found;
    }

    /** The header {@code Set-Cookie} that has the browser keep it. */
    String set(String value, Duration age, ContainerRequestContext request) {
        boolean secure = isSecure(request);
        // the prefix wants the whole host
        return name(secure) + "=" + value + "; Path=" + (secure ? "/" : path) + "; Max-Age=" + age.toSeconds()
                + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
    }

    /** The header {@code Set-Cookie} that has the browser forget it. */
    String clear(ContainerRequestContext request) {
        return set("", Duration.ZERO, request);
    }

    private String name(boolean secure) {
        return secure ? OURS_ALONE + name : name;
    }

    private static boolean isSecure(ContainerRequestContext request) {
        return base(request).getScheme().equals("https");
    }

    /** Our address as browsers know it. */
    static URI base(ContainerRequestContext request) {
        if (request.getProperty(RequestProperty.BASE) instanceof URI base) {
            return base;
        }
        throw new IllegalStateException("the server does not tell its address");
    }

    /** Where identity providers send browsers back to, each to its own address below. */
    static URI callbacks(ContainerRequestContext request) {
        return URI.create(base(request) + "/api/login/callback");
    }
}
