package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.AdapterFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sample, or a broken one. */
final class SampleFixture implements ProvisioningFixture {
    private final SampleSystem system;
    private final @Nullable BrokenDirectory broken;
    private final List<Object> shared = Collections.synchronizedList(new ArrayList<>());

    SampleFixture(SampleSystem system, @Nullable BrokenDirectory broken) {
        this.system = system;
        this.broken = broken;
    }

    @Override
    public AdapterFactory factory() {
        return context -> broken == null ? new SampleDirectory(system, context) : broken.open(system, context, shared);
    }

    @Override
    public Map<String, ?> emptyDirectory() {
        return Map.of(
                "endpoint", system.address().toString(), "place", system.newPlace(), "password", SampleSystem.PASSWORD);
    }

    @Override
    public Set<Offer> offers() {
        return broken == null ? EnumSet.allOf(Offer.class) : broken.offers();
    }

    @Override
    public String newGroup(Map<String, ?> directory) {
        return system.newGroup(String.valueOf(directory.get("place")));
    }

    @Override
    public String newRole(Map<String, ?> directory) {
        return "role-" + UUID.randomUUID();
    }

    @Override
    public URI system(Map<String, ?> directory) {
        return system.address();
    }

    @Override
    public Map<String, ?> elsewhere(Map<String, ?> directory, URI address) {
        return with(directory, "endpoint", address.toString());
    }

    @Override
    public Map<String, ?> wrongCredentials(Map<String, ?> directory) {
        return with(directory, "password", "a-wrong-one-of-tests-only");
    }

    @Override
    public Map<String, ?> directoryMissing(Map<String, ?> directory) {
        return with(directory, "place", "no-such-place");
    }

    @Override
    public URL manifest() throws IOException {
        String name = "/provisioning/" + (broken == null ? "adapter.yaml" : broken.manifest());
        URL address = SampleFixture.class.getResource(name);
        if (address == null) {
            throw new FileNotFoundException(name);
        }
        return address;
    }

    private static Map<String, ?> with(Map<String, ?> directory, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(directory);
        changed.put(name, value);
        return changed;
    }
}
