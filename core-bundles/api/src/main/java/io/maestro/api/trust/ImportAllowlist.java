package io.maestro.api.trust;

import java.util.List;

/**
 * The packages that an adapter may import: the contract, and what the JDK offers for networks, cryptography and XML. Used
 * when an artifact is inspected and again when its bundle is resolved. Everything else travels inside the adapter.
 */
public final class ImportAllowlist {
    private static final List<String> ROOTS = List.of(
            "io.maestro.adapter.spi",
            "io.maestro.model",
            "java",
            "javax.crypto",
            "javax.net",
            "javax.security.auth",
            "javax.xml",
            "org.w3c.dom",
            "org.xml.sax");

    private ImportAllowlist() {}

    /** Whether an adapter may import this package. */
    public static boolean allows(String packageName) {
        if (packageName.startsWith("io.maestro.model.")) {
            return false;
        }
        return ROOTS.stream().anyMatch(root -> packageName.equals(root) || packageName.startsWith(root + "."));
    }

    /** What is allowed, for messages. */
    public static String describe() {
        return "the adapter contract (io.maestro.adapter.spi.*, io.maestro.model), java.*, javax.crypto.*, javax.net.*, "
                + "javax.security.auth.*, javax.xml.*, org.w3c.dom.* and org.xml.sax.*";
    }
}
