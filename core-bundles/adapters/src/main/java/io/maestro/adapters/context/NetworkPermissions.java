package io.maestro.adapters.context;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts an instance may talk to. A host without a port stands for the usual port of the scheme.
 *
 * @param rules as in the manifest, with configured hosts filled in
 */
record NetworkPermissions(List<Rule> rules) {
    /**
     * One permitted host.
     *
     * @param host in lower case, without a dot at the end
     * @param subdomains whether names below the host are meant, and not the host itself
     * @param port the port, or -1 for the usual one of the scheme
     */
    record Rule(String host, boolean subdomains, int port) {
        boolean allows(String wanted, int wantedPort, int usualPort) {
            boolean named = subdomains ? wanted.endsWith("." + host) : wanted.equals(host);
            return named && wantedPort == (port < 0 ? usualPort : port);
        }
    }

    NetworkPermissions {
        rules = List.copyOf(rules);
    }

    /** Reads the manifest's hosts; {@code property} gives the text of a configuration property, or null. */
    static NetworkPermissions of(List<String> network, Function<String, @Nullable String> property) {
        List<Rule> rules = new ArrayList<>();
        for (String entry : network) {
            Rule rule = entry.startsWith("${") && entry.endsWith("}")
                    ? configured(property.apply(entry.substring(2, entry.length() - 1)))
                    : written(entry);
            if (rule != null) {
                rules.add(rule);
            }
        }
        return new NetworkPermissions(rules);
    }

    boolean allow(URI uri) {
        String host = uri.getHost();
        int usual = usualPort(uri);
        if (host == null || usual < 0) {
            return false;
        }
        String wanted = canonical(host);
        int port = port(uri);
        return rules.stream().anyMatch(rule -> rule.allows(wanted, port, usual));
    }

    private static @Nullable Rule configured(@Nullable String url) {
        if (url == null) {
            return null;
        }
        try {
            URI uri = URI.create(url.strip());
            String host = uri.getHost();
            int usual = usualPort(uri);
            return host == null || usual < 0
                    ? null
                    : new Rule(canonical(host), false, uri.getPort() < 0 ? usual : uri.getPort());
        } catch (IllegalArgumentException e) {
            // no URL, no host to allow
            return null;
        }
    }

    private static @Nullable Rule written(String entry) {
        boolean subdomains = entry.startsWith("*.");
        String rest = subdomains ? entry.substring(2) : entry;
        // an IPv6 address is written in brackets and has colons of its own
        int colon = rest.lastIndexOf(':');
        boolean hasPort = colon > rest.lastIndexOf(']') && colon > 0;
        try {
            return new Rule(
                    canonical(hasPort ? rest.substring(0, colon) : rest),
                    subdomains,
                    hasPort ? Integer.parseInt(rest.substring(colon + 1)) : -1);
        } catch (NumberFormatException e) {
            // a port that is no number allows nothing
            return null;
        }
    }

    /** The port that the address means; -1 when it is none of HTTP. */
    static int port(URI uri) {
        return uri.getPort() < 0 ? usualPort(uri) : uri.getPort();
    }

    private static int usualPort(URI uri) {
        String scheme = uri.getScheme();
        return scheme == null
                ? -1
                : switch (scheme.toLowerCase(Locale.ROOT)) {
                    case "https" -> 443;
                    case "http" -> 80;
                    default -> -1;
                };
    }

    private static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
