package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.Health;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Is broken in the way that its configuration says. */
public final class BrokenFactory implements AdapterFactory {
    @Override
    @SuppressWarnings("NullAway") // to give nothing is one of the ways
    public AdapterInstance open(AdapterContext context) {
        EchoStorage.Settings settings = context.configuration(EchoStorage.Settings.class);
        return switch (String.valueOf(settings.behaviour())) {
            case "null" -> null;
            case "other" -> new Nothing();
            case "error" -> throw new NoClassDefFoundError("com/acme/Missing");
            case "overflow" -> throw new StackOverflowError();
            case "throw" -> throw new IllegalStateException("(&(osgi.wiring.package=x)(version>=1))");
            case "refuse" ->
                throw Problem.of(
                                CallerProblem.INVALID_REQUEST,
                                "wants (&(osgi.ee=JavaSE)(version=99)) and " + "x".repeat(2_000),
                                "Write something else.")
                        .asException();
            case "hang" -> {
                hang();
                yield null;
            }
            default -> new Ill(context, settings);
        };
    }

    private static void hang() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // hangs in spite of it
                Thread.onSpinWait();
            }
        }
    }

    /** Is of no type. */
    public static final class Nothing implements AdapterInstance {
        @Override
        public Health health() {
            return new Health.Up();
        }

        @Override
        public void close() {}
    }

    /** Opens, and is as ill as configured. */
    public static final class Ill extends EchoStorage {
        private final @Nullable String behaviour;

        Ill(AdapterContext context, EchoStorage.Settings settings) {
            super(context, settings);
            behaviour = settings.behaviour();
        }

        @Override
        @SuppressWarnings("NullAway") // to say nothing is one of the ways
        public Health health() {
            return switch (String.valueOf(behaviour)) {
                case "down" -> new Health.Down("the bucket is gone");
                case "degraded" -> new Health.Degraded("every second answer is late");
                case "health-throws" -> throw new IllegalStateException("boom");
                case "health-null" -> null;
                case "health-hangs" -> {
                    hang();
                    yield new Health.Up();
                }
                default -> new Health.Up();
            };
        }
    }
}
