package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an instance goes by, checked.
 *
 * @param baseUrl what the endpoints are below, without a slash at the end
 * @param token the bearer token
 * @param roles what a role is in the directory
 * @param pageSize for how many users to ask at a time
 * @param timeout how long one answer may take
 */
record Settings(String baseUrl, Secret token, Roles roles, int pageSize, Duration timeout) {
    /** What a role is in the directory. */
    enum Roles {
        /** A value of the user's attribute {@code roles}. */
        ATTRIBUTE,
        /** A group of that display name. */
        GROUPS,
        /** Nothing. */
        NONE
    }

    static Settings of(ScimConfiguration configuration) {
        return new Settings(
                baseUrl(configuration.baseUrl()),
                configuration.token(),
                roles(configuration.roles()),
                orElse(configuration.pageSize(), 100),
                Duration.ofSeconds(orElse(configuration.timeoutSeconds(), 15)));
    }

    private static String baseUrl(String text) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            throw badAddress(text);
        }
        if (!isSafe(address)) {
            throw badAddress(text);
        }
        return address.toASCIIString().replaceAll("/+$", "");
    }

    /** A token travels encrypted, or does not leave the machine. */
    private static boolean isSafe(URI address) {
        String host = address.getHost();
        if (host == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            return false;
        }
        return "https".equalsIgnoreCase(address.getScheme())
                || ("http".equalsIgnoreCase(address.getScheme())
                        && (host.equalsIgnoreCase("localhost") || host.equals("127.0.0.1") || host.equals("[::1]")));
    }

    private static RuntimeException badAddress(String text) {
        // what stands before an @ may be a password
        return Failures.problem(
                ProvisioningProblem.PROVISIONING_REQUEST_INVALID,
                "the baseUrl \"" + text.replaceAll("//.*@", "//***@") + "\" is not the address of a directory",
                "Configure an address with https and without a query, for example https://acme.example.org/scim/v2; http is"
                        + " taken for this machine only.");
    }

    private static Roles roles(@Nullable String name) {
        return name == null ? Roles.ATTRIBUTE : Roles.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static int orElse(@Nullable Integer value, int usual) {
        return value == null ? usual : value;
    }
}
