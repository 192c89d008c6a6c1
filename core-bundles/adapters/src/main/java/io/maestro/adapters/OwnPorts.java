package io.maestro.adapters;

import io.maestro.api.node.ListenAddress;
import io.maestro.api.node.NodeSettings;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * The ports of this machine on which the node and its database listen. Where the node really listens is known only later:
 * the HTTP server starts after the adapter host, so it is asked each time.
 */
final class OwnPorts implements Supplier<Set<Integer>> {
    private static final int POSTGRESQL = 5432;

    private final BundleContext context;
    private final Set<Integer> settled = new HashSet<>();

    OwnPorts(BundleContext context, NodeSettings node) {
        this.context = context;
        settled.add(database(node.database().url()));
        settled.add(node.http().port());
    }

    private static int database(URI jdbc) {
        String address = jdbc.getSchemeSpecificPart();
        int port = address.contains("//") ? URI.create(address).getPort() : -1;
        return port < 0 ? POSTGRESQL : port;
    }

    @Override
    public Set<Integer> get() {
        Set<Integer> ports = new HashSet<>(settled);
        ServiceReference<ListenAddress> reference = context.getServiceReference(ListenAddress.class);
        ListenAddress address = reference == null ? null : context.getService(reference);
        if (address != null) {
            ports.add(address.base().getPort());
        }
        return ports;
    }
}
