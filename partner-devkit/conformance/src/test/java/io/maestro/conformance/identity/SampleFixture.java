package io.maestro.conformance.identity;

import io.maestro.adapter.spi.AdapterFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sample, or a broken one. */
final class SampleFixture implements IdentityFixture {
    private final @Nullable BrokenIdentity broken;
    private final List<Object> shared = Collections.synchronizedList(new ArrayList<>());

    SampleFixture(@Nullable BrokenIdentity broken) {
        this.broken = broken;
    }

    @Override
    public AdapterFactory factory() {
        return context -> broken == null ? new SampleIdentity(context) : broken.open(context, shared);
    }

    @Override
    public Map<String, ?> configuration(Registration registration) {
        return Map.of(
                "issuer",
                registration.issuer(),
                "clientId",
                registration.clientId(),
                "clientSecret",
                registration.clientSecret(),
                "audience",
                registration.audience());
    }

    @Override
    public Map<String, ?> forPrograms(Registration registration) {
        Map<String, Object> configuration = new HashMap<>(configuration(registration));
        configuration.put("login", false);
        return configuration;
    }

    @Override
    public Set<Offer> offers() {
        return broken == null ? EnumSet.allOf(Offer.class) : broken.offers();
    }

    @Override
    public URL manifest() throws IOException {
        String name = "/identity/" + (broken == null ? "adapter.yaml" : broken.manifest());
        URL address = SampleFixture.class.getResource(name);
        if (address == null) {
            throw new FileNotFoundException(name);
        }
        return address;
    }
}
