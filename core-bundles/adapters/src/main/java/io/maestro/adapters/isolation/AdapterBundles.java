package io.maestro.adapters.isolation;

import java.nio.file.Path;
import org.osgi.framework.Bundle;

/**
 * Tells adapter bundles from the server's own: they are installed from the folder of artifacts, by reference.
 *
 * @param prefix how the location of every adapter bundle begins
 */
public record AdapterBundles(String prefix) {
    /** The bundles from this folder. */
    public static AdapterBundles from(Path artifacts) {
        String uri = artifacts.toAbsolutePath().normalize().toUri().toString();
        return new AdapterBundles("reference:" + (uri.endsWith("/") ? uri : uri + "/"));
    }

    /** The location of the bundle in this file of the folder. */
    public String location(Path artifact) {
        return prefix + artifact.getFileName();
    }

    /** Whether this is an adapter's bundle. */
    public boolean contains(Bundle bundle) {
        return contains(bundle.getLocation());
    }

    /** Whether the bundle at this location is an adapter's. */
    boolean contains(String location) {
        return location.startsWith(prefix);
    }
}
