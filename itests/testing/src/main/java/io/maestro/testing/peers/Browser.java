package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of a browser as a login needs: cookies, redirects, and somebody who clicks. */
public final class Browser {
    private static final int MOST_STEPS = 20;
    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");

    private final List<String> origins;
    private final Map<Cookie, String> cookies = new LinkedHashMap<>();

    /**
     * A cookie of one server. The JDK's own keeping of cookies quotes those of version 1, which no browser does.
     *
     * @param name its name
     * @param path the path that it is for, with those below it
     */
    private record Cookie(String name, String path) {}

    /** A new browser without cookies that visits these origins, and stops when it is sent elsewhere. */
    public Browser(List<String> origins) {
        this.origins = List.copyOf(origins);
    }

    /**
     * Follows redirects from {@code url} until one leads out of the origins or back with a code, and gives that address
     * without visiting it. On a page in between, {@code click} says where to go next.
     */
    public URI follow(URI url, UnaryOperator<URI> click) throws IOException, InterruptedException {
        return walk(url, (here, page) -> HttpRequest.newBuilder(click.apply(here)));
    }

    /** As {@link #follow}, but on a page in between fills in and sends its form. */
    public URI submit(URI url, Map<String, String> fields) throws IOException, InterruptedException {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return walk(url, (here, page) -> {
            Matcher action = ACTION.matcher(page);
            if (!action.find()) {
                throw new IllegalStateException("no form at " + here + ": " + page);
            }
            return HttpRequest.newBuilder(here.resolve(action.group(1).replace("&amp;", "&")))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        });
    }

    private URI walk(URI url, BiFunction<URI, String, HttpRequest.Builder> next)
            throws IOException, InterruptedException {
        HttpRequest request = withCookies(HttpRequest.newBuilder(url), url);
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            for (int step = 0; step < MOST_STEPS; step++) {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                response.headers().allValues("Set-Cookie").forEach(this::keep);
                URI here = request.uri();
                if (response.statusCode() / 100 == 3) {
                    URI there = here.resolve(
                            response.headers().firstValue("Location").orElseThrow());
                    if (isEnd(there)) {
                        return there;
                    }
                    request = withCookies(HttpRequest.newBuilder(there), there);
                } else if (response.statusCode() == 200) {
                    HttpRequest.Builder following = next.apply(here, response.body());
                    request = withCookies(following, following.copy().build().uri());
                } else {
                    throw new IOException(here + " answered " + response.statusCode() + " " + response.body());
                }
            }
        }
        throw new IOException("no end of redirects at " + request.uri());
    }

    private void keep(String header) {
        String[] parts = header.split(";", -1);
        int equals = parts[0].indexOf('=');
        String path = "/";
        boolean gone = false;
        for (String part : parts) {
            String attribute = part.strip().toLowerCase(Locale.ROOT);
            if (attribute.startsWith("path=")) {
                path = part.strip().substring("path=".length());
            }
            gone |= attribute.equals("max-age=0") || attribute.startsWith("expires=thu, 01 jan 1970");
        }
        Cookie cookie = new Cookie(parts[0].substring(0, equals), path);
        if (gone) {
            cookies.remove(cookie);
        } else {
            cookies.put(cookie, parts[0].substring(equals + 1));
        }
    }

    private HttpRequest withCookies(HttpRequest.Builder request, URI address) {
        String header = cookies.entrySet().stream()
                .filter(cookie -> address.getPath().startsWith(cookie.getKey().path()))
                .map(cookie -> cookie.getKey().name() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return header.isEmpty()
                ? request.build()
                : request.header("Cookie", header).build();
    }

    private boolean isEnd(URI address) {
        String query = address.getRawQuery();
        boolean back =
                query != null && (query.startsWith("code=") || query.contains("&code=") || query.contains("error="));
        return back || origins.stream().noneMatch(origin -> address.toString().startsWith(origin + "/"));
    }

    /** The value of a parameter in the address's query. */
    public static String parameter(URI address, String name) {
        return Arrays.stream(address.getRawQuery().split("&", -1))
                .filter(parameter -> parameter.startsWith(name + "="))
                .map(parameter -> URLDecoder.decode(parameter.substring(name.length() + 1), UTF_8))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in " + address));
    }

    /** The code challenge of a verifier (PKCE, {@code S256}). */
    public static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
