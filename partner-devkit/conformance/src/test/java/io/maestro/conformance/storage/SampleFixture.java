package io.maestro.conformance.storage;

import io.maestro.adapter.spi.AdapterFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sample, or a broken one. */
final class SampleFixture implements StorageFixture {
    private final SampleSystem system;
    private final @Nullable BrokenStorage broken;

    SampleFixture(SampleSystem system, @Nullable BrokenStorage broken) {
        this.system = system;
        this.broken = broken;
    }

    private final List<Object> shared = Collections.synchronizedList(new ArrayList<>());

    @Override
    public AdapterFactory factory() {
        return context -> broken == null ? new SampleStorage(system, context) : broken.open(system, context, shared);
    }

    @Override
    public Map<String, ?> emptyPlace() {
        return Map.of(
                "endpoint", system.address().toString(), "place", system.newPlace(), "password", SampleSystem.PASSWORD);
    }

    @Override
    public Set<Offer> offers() {
        return Set.of(Offer.ATOMIC_CONDITIONS, Offer.BACKSLASHES);
    }

    @Override
    public Map<String, ?> elsewhere(Map<String, ?> place, URI address) {
        return with(place, "endpoint", address.toString());
    }

    @Override
    public Map<String, ?> wrongCredentials(Map<String, ?> place) {
        return with(place, "password", "a-wrong-one-of-tests-only");
    }

    @Override
    public Map<String, ?> containerMissing(Map<String, ?> place) {
        return with(place, "place", "no-such-place");
    }

    @Override
    public boolean spoil(Map<String, ?> place, Path folder, String key) throws IOException {
        SampleSystem.Kept kept =
                system.place(String.valueOf(place.get("place"))).objects().get(key);
        if (kept == null) {
            return false;
        }
        byte[] bytes = Files.readAllBytes(kept.bytes());
        bytes[0] ^= 1;
        Files.write(kept.bytes(), bytes);
        return true;
    }

    @Override
    public URL manifest() throws IOException {
        if (broken == null || broken.manifest() == null) {
            return StorageFixture.super.manifest();
        }
        URL address = SampleFixture.class.getResource("/" + broken.manifest());
        if (address == null) {
            throw new FileNotFoundException(broken.manifest());
        }
        return address;
    }

    private static Map<String, ?> with(Map<String, ?> place, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(place);
        changed.put(name, value);
        return changed;
    }
}
