package io.maestro.adapters.context;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where no instance may go, whatever its manifest and its configuration say: a tenant writes the endpoint, but the node's
 * own network position is what makes the request. Asked with the addresses that a name has now, just before the request:
 * the JDK remembers them for half a minute, so that the connection that follows goes where we looked.
 */
public final class Destinations {
    private static final byte[] CARRIER_NAT = {100, 64};

    private final boolean publicOnly;
    private final Supplier<Set<Integer>> ownPorts;

    /**
     * Keeps instances away from link-local addresses, where clouds hand out credentials, and from this node's own ports.
     *
     * @param publicOnly also from loopback and private networks: for nodes whose tenants are strangers
     * @param ownPorts the ports on which this node and its database listen
     */
    public Destinations(boolean publicOnly, Supplier<Set<Integer>> ownPorts) {
        this.publicOnly = publicOnly;
        this.ownPorts = ownPorts;
    }

    /** Why nobody may go there; null when one may, or when the name has no address. May block on name resolution. */
    @Nullable
    String refusal(String host, int port) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                String refusal = refusal(embedded(address), port);
                if (refusal != null) {
                    return refusal;
                }
            }
        } catch (UnknownHostException e) {
            // the client says so itself
            return null;
        }
        return null;
    }

    private @Nullable String refusal(InetAddress address, int port) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLinkLocalAddress()) {
            return "it is a link-local or special address";
        }
        if (publicOnly && (address.isLoopbackAddress() || address.isSiteLocalAddress() || isPrivate(address))) {
            return "it is an address of a private network";
        }
        return ownPorts.get().contains(port) && isOurs(address) ? "it is a port of this node" : null;
    }

    private static boolean isOurs(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Unique local addresses of IPv6, and those behind a carrier's NAT, which Java does not tell. */
    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? (bytes[0] & 0xfe) == 0xfc
                : bytes[0] == CARRIER_NAT[0] && (bytes[1] & 0xc0) == CARRIER_NAT[1];
    }

    /** The IPv4 address within an IPv6 address that stands for one (IPv4-compatible, NAT64), else the address itself. */
    private static InetAddress embedded(InetAddress address) throws UnknownHostException {
        byte[] bytes = address.getAddress();
        boolean compatible = address instanceof Inet6Address v6
                && v6.isIPv4CompatibleAddress()
                && !v6.isLoopbackAddress()
                && !v6.isAnyLocalAddress();
        boolean translated = bytes.length == 16
                && Arrays.equals(
                        bytes, 0, 12, new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 12);
        return compatible || translated ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)) : address;
    }
}
