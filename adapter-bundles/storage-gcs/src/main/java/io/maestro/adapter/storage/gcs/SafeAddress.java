package io.maestro.adapter.storage.gcs;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * An address that tokens, statements and content may be sent to: encrypted, or not leaving the machine. It has a host, and neither
 * a user nor a fragment.
 *
 * @param uri the address as it was given
 */
record SafeAddress(URI uri) {
    /** The address; nothing when it is none or not a safe one. */
    static Optional<SafeAddress> of(String text) {
        try {
            URI uri = new URI(text);
            boolean safe = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && ("https".equalsIgnoreCase(uri.getScheme())
                            || ("http".equalsIgnoreCase(uri.getScheme()) && isThisMachine(uri.getHost())));
            return safe ? Optional.of(new SafeAddress(uri)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isThisMachine(String host) {
        return host.equalsIgnoreCase("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    /** Scheme, host and port as a client sends them: in lower case, and without the port that is usual for the scheme. */
    String origin() {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        int port = uri.getPort();
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (port < 0 || port == usual ? "" : ":" + port);
    }
}
