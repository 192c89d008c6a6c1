package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Opens storages that say which version they are of, with the flaw that their bundle has, if any. */
public final class WorkingFactory implements AdapterFactory {
    /** The entry of the bundle that says its label, and after a space its flaw. */
    public static final String LABEL = "label";

    /** What the tests configure. */
    public record Settings(
            @Nullable String greeting,
            @Nullable String welcome,
            @Nullable String behaviour,
            @Nullable Secret password) {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        String[] label = label().split(" ", 2);
        String flaw = label.length == 1 ? "" : label[1];
        Settings settings = context.configuration(Settings.class);
        if (flaw.equals("configuration") && settings.welcome() == null) {
            WorkingStorage.flawed();
            throw new IllegalArgumentException("it must be told how to welcome");
        }
        if (flaw.equals("open")) {
            WorkingStorage.flawed();
        }
        if (flaw.equals("open") || "fail".equals(settings.behaviour())) {
            throw new IllegalStateException("cannot be opened");
        }
        return new WorkingStorage(context, settings, label[0], flaw);
    }

    private static String label() {
        try (InputStream in = WorkingFactory.class.getResourceAsStream("/" + LABEL)) {
            return in == null ? "-" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
