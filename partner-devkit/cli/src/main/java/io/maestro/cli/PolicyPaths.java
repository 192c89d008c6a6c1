package io.maestro.cli;

import io.maestro.model.TenantId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose policies: of the installation, or of one tenant. */
final class PolicyPaths {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
    private static final Pattern KEY_ID = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._:-]{1,100}");

    @Option(
            names = {"-t", "--tenant"},
            paramLabel = "TENANT",
            description = "Those of a tenant.")
    private @Nullable String tenant;

    /** The tenant; null for the installation. */
    @Nullable
    TenantId tenant() {
        return tenant == null ? null : new TenantId(tenant);
    }

    String packs() {
        return tenant == null ? "/policy/packs" : below("/policy-packs");
    }

    String pack(String name) {
        return packs() + "/" + name(name);
    }

    String keys() {
        return tenant == null ? "/policy/keys" : below("/policy-keys");
    }

    String key(String id) {
        return keys() + "/" + keyId(id);
    }

    String settings() {
        return tenant == null ? "/policy/settings" : below("/policy-settings");
    }

    String modes() {
        return tenant == null ? "/policy/modes" : below("/policy-modes");
    }

    String decisions() {
        return below("/policy/decisions");
    }

    String explain() {
        return below("/policy/explain");
    }

    String simulate() {
        return below("/policy:simulate");
    }

    /** A pack's name; checked, so that a typing mistake reaches no other path. */
    static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Failure.usage(
                    "\"" + Output.clean(name) + "\" is no name of a pack",
                    "Names are made of small letters, digits, -, _ and dots.");
        }
        return name;
    }

    /** A key's id; checked for the same reason. */
    static String keyId(String id) {
        if (!KEY_ID.matcher(id).matches()) {
            throw Failure.usage(
                    "\"" + Output.clean(id) + "\" is no name of a key",
                    "Names are made of 1 to 100 letters, digits, dots, colons, underscores and hyphens.");
        }
        return id;
    }

    private String below(String path) {
        TenantId owner = tenant();
        return (owner == null ? "" : "/tenants/" + owner) + path;
    }
}
