package io.maestro.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A body must come at a pace, by a clock that the test turns. */
final class PacedInputTest {
    private final AtomicLong clock = new AtomicLong();

    /** Gives one byte a time and lets {@code seconds} pass with each. */
    private InputStream trickle(int bytes, long seconds) {
        return new ByteArrayInputStream(new byte[bytes]) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
                return super.read(buffer, offset, Math.min(length, 1));
            }
        };
    }

    @Test
    void givesUpOnTricklingSender() {
        assertThatIOException()
                .isThrownBy(() -> new PacedInput(trickle(1_000, 10), clock::get).readAllBytes())
                .withMessageContaining("slower than");
    }

    @Test
    void givesSlowStartersGrace() throws IOException {
        assertThat(new PacedInput(trickle(2, 10), clock::get).readAllBytes()).hasSize(2);
    }

    @Test
    void doesNotBlameTheSenderForASlowReader() throws IOException {
        PacedInput in = new PacedInput(new ByteArrayInputStream(new byte[10]), clock::get);
        int count = 0;
        while (in.read() >= 0) {
            clock.addAndGet(TimeUnit.MINUTES.toNanos(10));
            count++;
        }

        assertThat(count).isEqualTo(10);
    }
}
