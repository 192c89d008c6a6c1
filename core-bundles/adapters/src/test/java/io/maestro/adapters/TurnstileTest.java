package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Few at once, and nobody in the way for long. */
@Timeout(60)
class TurnstileTest {
    @Test
    void letsTheNextOneThroughWhenAPlaceIsGivenBack() throws Exception {
        Turnstile turnstile = new Turnstile(1, Duration.ofMinutes(5));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Turnstile.Place first = turnstile.enter();
            Future<Turnstile.Place> second = callers.submit(turnstile::enter);
            assertThat(waits(second)).isTrue();

            first.close();
            first.close();

            Turnstile.Place entered = second.get();
            Future<Turnstile.Place> third = callers.submit(turnstile::enter);
            assertThat(waits(third)).as("closing twice gives one place back").isTrue();
            entered.close();
            third.get().close();
        }
    }

    @Test
    void givesThePlaceOfWhoeverTakesLongAway() throws Exception {
        Turnstile turnstile = new Turnstile(1, Duration.ofMillis(50));
        Turnstile.Place slow = turnstile.enter();

        turnstile.enter().close();

        slow.close();
        turnstile.enterPatiently().close();
    }

    private static boolean waits(Future<?> caller) throws Exception {
        try {
            caller.get(100, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }
}
