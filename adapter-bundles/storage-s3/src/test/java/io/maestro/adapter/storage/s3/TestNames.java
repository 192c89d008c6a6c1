package io.maestro.adapter.storage.s3;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names below {@value #DOMAIN} lead where a test says, all others where they usually do. Found by the JDK as a service. */
public final class TestNames extends InetAddressResolverProvider {
    static final String DOMAIN = ".moving.invalid";

    private static final Map<String, InetAddress> NAMES = new ConcurrentHashMap<>();

    /** From now on, as soon as the JVM asks anew. */
    static void lead(String name, InetAddress address) {
        NAMES.put(name, address);
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver usual = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                if (!host.endsWith(DOMAIN)) {
                    return usual.lookupByName(host, policy);
                }
                @Nullable InetAddress address = NAMES.get(host);
                if (address == null) {
                    throw new UnknownHostException(host);
                }
                return Stream.of(address);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return usual.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "names of tests";
    }
}
