package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.Secret;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;

/** Opens instances that behave as configured. */
public final class EchoFactory implements AdapterFactory {
    /** As long as this system property is set, an open that spins goes on. */
    public static final String SPIN = "samples.spin";

    /** With the instance's name behind it: set once its open spins. */
    public static final String SPINNING = "samples.spinning.";

    @Override
    public AdapterInstance open(AdapterContext context) {
        EchoStorage.Settings settings = context.configuration(EchoStorage.Settings.class);
        return switch (String.valueOf(settings.behaviour())) {
            case "refuse" ->
                throw Problem.of(CallerProblem.INVALID_REQUEST, "this cannot work", "Write something else.")
                        .asException();
            case "throw" -> throw new IllegalStateException("boom");
            case "hang" -> hang();
            case "bear with one", "take or leave" -> bearWithOne(context, settings);
            case "leak" -> throw new IllegalStateException("cannot log in with " + revealed(settings));
            case "leak politely" ->
                throw Problem.of(CallerProblem.INVALID_REQUEST, "cannot log in with " + revealed(settings), null)
                        .asException();
            case "take" -> new TakingStorage(context, settings);
            case "spin" -> spin(context, settings);
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

    /** Opens, and takes secrets, only with one that can be borne. */
    private static AdapterInstance bearWithOne(AdapterContext context, EchoStorage.Settings settings) {
        if (revealed(settings).startsWith(TakingStorage.UNBEARABLE)) {
            throw Problem.of(CallerProblem.INVALID_REQUEST, "cannot bear it", null)
                    .asException();
        }
        return new TakingStorage(context, settings);
    }

    private static String revealed(EchoStorage.Settings settings) {
        Secret password = settings.password();
        return password == null ? "nothing" : password.reveal();
    }

    /** Computes until the test has had enough; says how often that happened. */
    private static AdapterInstance spin(AdapterContext context, EchoStorage.Settings settings) {
        System.setProperty(SPINNING + context.instance(), "true");
        while (System.getProperty(SPIN) != null) {
            Thread.onSpinWait();
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
