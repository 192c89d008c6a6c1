package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;

/** Opens instances that behave as configured. */
public final class EchoFactory implements AdapterFactory {
    @Override
    public AdapterInstance open(AdapterContext context) {
        EchoStorage.Settings settings = context.configuration(EchoStorage.Settings.class);
        return switch (String.valueOf(settings.behaviour())) {
            case "refuse" ->
                throw Problem.of(CallerProblem.INVALID_REQUEST, "this cannot work", "Write something else.")
                        .asException();
            case "throw" -> throw new IllegalStateException("boom");
            case "hang" -> hang();
            case "write" -> write(context, settings);
            default -> new EchoStorage(context, settings);
        };
    }

    private static AdapterInstance write(AdapterContext context, EchoStorage.Settings settings) {
        try {
            Files.writeString(context.folder().resolve("written"), "by an instance");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EchoStorage(context, settings);
    }

    private static AdapterInstance hang() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // hangs in spite of it
                Thread.onSpinWait();
            }
        }
    }
}
